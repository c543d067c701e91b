import type { Message } from '../state/records.ts';

const SHOWN = 200;

/** The newest messages for a page, or all of them. */
export function showMessages(messages: Message[], all: boolean) {
  const shown = all ? messages : messages.slice(-SHOWN);
  return {
    messages: shown.map((message) => ({
      ...message,
      time: showTime(message.received),
    })),
    earlier: messages.length - shown.length,
  };
}

/** In the machine's own time zone: whoever looks at a local stand-in is where it runs. */
function showTime(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
