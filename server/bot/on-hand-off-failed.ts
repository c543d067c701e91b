import type { OnHandOffFailed } from '../runtime/types.ts';

/** Nobody could take over: the customer must not be left waiting. */
export const onHandOffFailed: OnHandOffFailed = ({ reply }) =>
  reply('I am sorry, no colleague can be reached right now. Can I help with something else?');
