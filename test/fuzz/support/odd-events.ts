import fc from 'fast-check';
import { features } from '../../../server/features.ts';
import { collectEventTypes, listTriggers } from '../../../server/inbox/event-types.ts';
import { CLIENT_ID } from '../../support/start-shop.ts';
import { anyCharacter } from './hostile-text.ts';

/** What may stand where a text is expected. */
const odd = fc.oneof(
  fc.constantFrom('', '\u0000', 'a\u0000b', '\ud800', 'x'.repeat(5_000), '__proto__', '%((x))'),
  fc.string({ unit: anyCharacter, maxLength: 20 }),
  fc.constantFrom(null, 7, [], {}),
);

/** What our own jobs, their lanes and the ids we change are called. */
const ours = fc.constantFrom(
  'shopkeeper:check-removal',
  'zendesk:',
  '#shopkeeper:check-removal',
  '/',
);

const conversation = fc.record(
  {
    id: fc.oneof(fc.constantFrom('one', 'two', '\ufeff', 'x'.repeat(200)), ours),
    activeSwitchboardIntegration: fc.record(
      {
        id: odd,
        name: odd,
        integrationId: odd,
        integrationType: fc.oneof(odd, fc.constant(CLIENT_ID)),
      },
      { requiredKeys: ['id'] },
    ),
  },
  { requiredKeys: ['id'] },
);

const message = fc.record({
  id: odd,
  author: fc.record({ type: fc.constantFrom('user', 'business', 'x'), userId: odd }),
  content: fc.record({ type: fc.constantFrom('text', 'image', 'x'), text: odd, mediaUrl: odd }),
});

/** An event the receiver takes: of a known type, in a conversation, and odd in everything else. */
export const oddEvent = fc.record({
  id: fc.oneof({ weight: 4, arbitrary: fc.uuid() }, ours),
  type: fc.constantFrom(...listTriggers(collectEventTypes(features))),
  payload: fc.record(
    {
      conversation,
      message,
      postback: fc.record({ payload: odd }),
      user: fc.record({ id: odd }),
      creationReason: odd,
      error: fc.record({ code: odd, message: odd }),
    },
    { requiredKeys: ['conversation'] },
  ),
});
