import type { Message } from '../state/records.ts';

const SHOWN = 200;

/** The newest messages for a page, or all of them. */
export function showMessages(messages: Message[], all: boolean) {
  const shown = all ? messages : messages.slice(-SHOWN);
  return {
    messages: shown.map((message) => ({
      ...message,
      time: new Date(message.received).toISOString().slice(11, 16),
    })),
    earlier: messages.length - shown.length,
  };
}
