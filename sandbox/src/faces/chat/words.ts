import type { Content } from '../../state/content.ts';
import type { Account, ControlChange, Message } from '../../state/records.ts';
import { REMOVED } from '../../platform/control-history.ts';

/** What was said, in one line; without words, what it is. */
export function textOf({ content }: Pick<Message, 'content'>): string {
  const text = 'text' in content ? content.text : undefined;
  return text ?? describe(content);
}

function describe(content: Content): string {
  if (content.type === 'formResponse') return content.textFallback;
  if (content.type === 'image' || content.type === 'file')
    return content.altText ?? `(${content.type})`;
  return `(${content.type})`;
}

/** What the system wrote; customers know what they did themselves. */
export function wordActivity(message: Message, isCustomer: boolean): string {
  const isOwn = isCustomer && message.activity?.type === 'conversation:endedByUser';
  return isOwn ? 'You ended the conversation' : textOf(message);
}

/** Customers hear of what concerns them: who answers from now on. */
export function wordForCustomer(
  { displayName }: Account,
  { type, to }: ControlChange,
): string | undefined {
  if (type === 'switchboard:releaseControl')
    return 'This conversation has ended. Write to begin again.';
  if (!['switchboard:passControl', 'switchboard:acceptControl', REMOVED].includes(type) || !to)
    return undefined;
  return to.kind === 'agent'
    ? `You are now talking with ${displayName}’s team`
    : `You are now talking with ${to.name}, a bot`;
}

const REASONS = new Map([
  ['ticketClosed', 'the ticket was closed'],
  ['transferToEmail', 'it goes on by e-mail'],
]);

export function wordForAgent({ type, to, reason, problem }: ControlChange): string {
  const name = to?.name ?? 'nobody';
  const why = reason === undefined ? '' : `: ${REASONS.get(reason) ?? reason}`;
  switch (type) {
    case 'switchboard:offerControl':
      return `Control was offered to ${name}`;
    case 'switchboard:acceptControl':
      return `${name} accepted control`;
    case 'switchboard:releaseControl':
      return `Control was released: nobody answers until the customer writes${why}`;
    case REMOVED:
      return `The bot was removed. Control went to ${name}`;
    default:
      return problem === undefined
        ? `Control was passed to ${name}${why}`
        : `Control did not move: ${problem}`;
  }
}
