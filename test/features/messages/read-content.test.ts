import { describe, expect, it } from 'vitest';
import { readContent as read } from '../../../server/features/messages/read-content.ts';

describe('what a customer sent', () => {
  it('is a place by its coordinates, name and address', () => {
    const coordinates = { lat: 48.2, long: 16.3 };
    const location = { name: 'Our shop', address: 'Stephansplatz 1' };
    const text = 'Location: https://maps.example/?q=48.2,16.3';
    expect(read({ type: 'location', text, coordinates, location })).toMatchObject({
      type: 'location',
      coordinates,
      ...location,
    });
    expect(read({ type: 'location', text, coordinates })).toMatchObject({ name: undefined });
  });

  it('is the answers to a form, each as what was asked for, and by its name', () => {
    const fields = [
      { type: 'email', name: 'mail', label: 'E-mail', email: 'jane@example.com' },
      { type: 'text', name: 'order', label: 'Order', text: '0815', format: 'integer' },
      {
        type: 'text',
        name: 'long',
        label: 'Long',
        text: '12345678901234567890',
        format: 'integer',
      },
      { type: 'text', name: 'size', label: 'Size', text: '4.5', format: 'decimal' },
      { type: 'text', name: '__proto__', label: 'Name', text: '42' },
      { type: 'select', name: 'topic', label: 'Topic', select: [{ name: 'r', label: 'Return' }] },
    ];
    const message = read({ type: 'formResponse', fields, textFallback: 'E-mail: jane@…' });
    expect(message).toMatchObject({ type: 'form', text: 'E-mail: jane@…' });
    if (message?.type !== 'form') return;
    expect(message.fields).toEqual([
      { type: 'email', name: 'mail', label: 'E-mail', value: 'jane@example.com' },
      { type: 'text', name: 'order', label: 'Order', value: 815 },
      { type: 'text', name: 'long', label: 'Long', value: '12345678901234567890' },
      { type: 'text', name: 'size', label: 'Size', value: 4.5 },
      { type: 'text', name: '__proto__', label: 'Name', value: '42' },
      { type: 'select', name: 'topic', label: 'Topic', value: [{ name: 'r', label: 'Return' }] },
    ]);
    expect(Object.entries(message.values)).toEqual([
      ['mail', 'jane@example.com'],
      ['order', '0815'],
      ['long', '12345678901234567890'],
      ['size', '4.5'],
      ['__proto__', '42'],
      ['topic', 'r'],
    ]);
    expect(read({ type: 'formResponse', fields: fields.slice(1, 2) })?.text).toBe('Order: 0815');
  });

  it('is not read where it is otherwise than documented, or something else', () => {
    for (const content of [
      { type: 'text', text: 'Hi' },
      { type: 'location', coordinates: { lat: '48' } },
      { type: 'formResponse', fields: 'none' },
    ])
      expect(read(content)).toBe(undefined);
  });
});
