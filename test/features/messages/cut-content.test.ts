import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutgoingContent } from '../../../server/runtime/types.ts';
import {
  field,
  fit,
  form,
  item,
  link,
  log,
  long,
  option,
  select,
  uri,
  withActions,
} from './make-content.ts';

beforeEach(() => vi.clearAllMocks());

describe('a text that people read', () => {
  it.each<[string, number, (text: string) => OutgoingContent]>([
    ['text', 4096, (text) => fit({ type: 'text', text })],
    ['text', 4096, (text) => fit({ type: 'image', mediaUrl: uri, text })],
    ['text', 4096, (text) => fit({ type: 'file', mediaUrl: uri, text })],
    ['altText', 128, (altText) => fit({ type: 'image', mediaUrl: uri, altText })],
    ['altText', 128, (altText) => fit({ type: 'file', mediaUrl: uri, altText })],
    ['actions[0].text', 128, (text) => withActions({ ...link, text })],
    ['items[0].title', 128, (title) => fit({ type: 'list', items: [{ ...item, title }] })],
    ['items[0].altText', 128, (altText) => fit({ type: 'list', items: [{ ...item, altText }] })],
    [
      'actions[0].text',
      128,
      (text) => fit({ type: 'list', items: [item], actions: [{ ...link, text }] }),
    ],
    [
      'location.name',
      4096,
      (name) => fit({ type: 'location', coordinates: { lat: 0, long: 0 }, location: { name } }),
    ],
    [
      'location.address',
      4096,
      (address_) =>
        fit({
          type: 'location',
          coordinates: { lat: 0, long: 0 },
          location: { address: address_ },
        }),
    ],
    ['text', 4096, (text) => fit({ type: 'form', fields: [field], text })],
    ['fields[0].label', 128, (label) => form({ ...field, label })],
    ['fields[0].placeholder', 128, (placeholder) => form({ ...field, placeholder })],
    ['fields[0].options[0].label', 128, (label) => select({ ...option, label })],
  ])(
    'in %s may have %i characters, and one more is cut with a line in the log',
    (name, max, make) => {
      expect(JSON.stringify(make(long(max)))).toContain(`"${long(max)}"`);
      expect(log.warn).not.toHaveBeenCalled();
      expect(JSON.stringify(make(long(max + 1)))).toContain(`"${long(max - 1)}…"`);
      const line = `${name} was cut to ${max} characters.`;
      expect(log.warn).toHaveBeenCalledExactlyOnceWith({ field: name, length: max + 1 }, line);
    },
  );
});
