import type { OnMessage, OutgoingItem } from '../../runtime/types.ts';

/** The cards behind “menu”; on-postback.ts answers their buttons. */
export const menu: OutgoingItem[] = [
  {
    title: 'Opening hours',
    description: 'When the shop is open',
    actions: [{ type: 'postback', text: 'Show hours', payload: 'hours' }],
  },
  {
    title: 'Returns',
    description: 'How to send something back',
    actions: [{ type: 'postback', text: 'How it works', payload: 'returns' }],
  },
  {
    title: 'A person',
    description: 'Talk to one of our colleagues',
    actions: [{ type: 'postback', text: 'Get an agent', payload: 'agent' }],
  },
];

export const showMenu: OnMessage = ({ send }) => send({ type: 'carousel', items: menu });
