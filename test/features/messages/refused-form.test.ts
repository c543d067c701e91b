import { describe, expect, it } from 'vitest';
import { field, form, long, option, select, times } from './make-content.ts';

describe('a form that Zendesk would not take', () => {
  it.each<[string, () => unknown, () => unknown]>([
    [
      'fields has 21 entries',
      () => form(...times(20, (n) => ({ ...field, name: `${n}` }))),
      () => form(...times(21, (n) => ({ ...field, name: `${n}` }))),
    ],
    [
      'fields[1].name is there already',
      () => form(field, { ...field, name: 'm' }),
      () => form(field, field),
    ],
    [
      'fields[0].name has 129 characters',
      () => form({ ...field, name: long(128) }),
      () => form({ ...field, name: long(129) }),
    ],
    ['fields[0].name is empty', () => form(field), () => form({ ...field, name: '' })],
    ['fields[0].label is empty', () => form(field), () => form({ ...field, label: '' })],
    [
      'fields[0].placeholder is empty',
      () => form({ ...field, placeholder: 'a' }),
      () => form({ ...field, placeholder: '' }),
    ],
    [
      'fields[0].maxSize is 257; Zendesk takes a whole number from 1 to 256',
      () => form({ ...field, maxSize: 256 }),
      () => form({ ...field, maxSize: 257 }),
    ],
    [
      'fields[0].maxSize is 3; Zendesk takes a whole number from 4',
      () => form({ ...field, minSize: 4, maxSize: 4 }),
      () => form({ ...field, minSize: 4, maxSize: 3 }),
    ],
    [
      'fields[0].maxSize is 128, as long as nothing else is said',
      () => form({ ...field, minSize: 128 }),
      () => form({ ...field, minSize: 129 }),
    ],
    [
      'fields[0].minSize is 0',
      () => form({ ...field, minSize: 1 }),
      () => form({ ...field, minSize: 0 }),
    ],
    [
      'fields[0].options has 201 entries',
      () => select(...times(200, (n) => ({ ...option, name: `${n}` }))),
      () => select(...times(201, (n) => ({ ...option, name: `${n}` }))),
    ],
    ['fields[0].options has 0 entries', () => select(option), () => select()],
    [
      'fields[0].options[1].name is there already',
      () => select(option, { ...option, name: 'b' }),
      () => select(option, option),
    ],
  ])('throws: %s', (message, fitting, refused) => {
    expect(fitting).not.toThrow();
    expect(refused).toThrow(RangeError);
    expect(refused).toThrow(message);
  });

  it('has a field of a kind that there is not, wherever types did not look', () => {
    const odd = JSON.parse('{"type":"video"}');
    expect(() => form({ ...field, ...odd })).toThrow('fields[0].type is “video”');
  });
});
