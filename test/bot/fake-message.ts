import { z } from 'zod';
import type { IncomingMessage } from '../../server/runtime/types.ts';

type Kind = IncomingMessage['type'];
type OfKind<Type extends Kind> = Extract<IncomingMessage, { type: Type }>;

const received = {
  id: 'message',
  receivedAt: new Date('2026-01-02T03:04:05Z'),
  text: '',
  metadata: {},
  isHidden: false,
  quoted: undefined,
};

const bytes = Buffer.from('A picture, or so.');

/** What features read may be deleted, so the compiler does not hold these against the types. */
const whole: Readonly<Record<string, object>> = {
  text: { payload: undefined, html: undefined, markdown: undefined },
  media: {
    kind: 'image',
    url: 'https://acme.zendesk.example/sc/attachments/v2/1/picture.png',
    mediaType: 'image/png',
    size: bytes.length,
    name: 'picture.png',
    altText: 'picture.png',
    download: async () => ({
      stream: new Blob([bytes]).stream(),
      mediaType: 'image/png',
      size: bytes.length,
      bytes: async () => bytes,
    }),
  },
  location: { coordinates: { lat: 48.2082, long: 16.3738 }, name: undefined, address: undefined },
  form: { fields: [], values: {} },
  other: { kind: 'sticker', content: { type: 'sticker' } },
};
const Message = z.custom<IncomingMessage>();

/** A message as handlers get it: a text, or what it should have; the rest is made up. */
export function fakeMessage(
  given: string | { [Type in Kind]: { type: Type } & Partial<OfKind<Type>> }[Kind],
): IncomingMessage {
  const message = typeof given === 'string' ? { type: 'text' as const, text: given } : given;
  return Message.parse({ ...received, ...whole[message.type], ...message });
}
