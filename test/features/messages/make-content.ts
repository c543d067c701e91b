import { vi } from 'vitest';
import { fitContent } from '../../../server/features/messages/fit-content.ts';
import type { FormField, MessageAction, OutgoingContent } from '../../../server/runtime/types.ts';

export const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
export const fit = (content: OutgoingContent) => fitContent(log, content);

export const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
export const long = (length: number) => 'x'.repeat(length);

// A content of each kind, to be made a little wrong.
export const uri = 'https://shop.example/';
export const link = { type: 'link' as const, text: 'Open', uri };
export const item = { title: 'Tent', actions: [link] };
export const field = { type: 'text' as const, name: 'n', label: 'Name' };
export const option = { name: 'a', label: 'A' };
export const withActions = (...actions: MessageAction[]) =>
  fit({ type: 'text', text: 'Hi', actions });
export const form = (...fields: FormField[]) => fit({ type: 'form', fields });
export const select = (...options: (typeof option)[]) =>
  form({ type: 'select', name: 's', label: 'S', options });
