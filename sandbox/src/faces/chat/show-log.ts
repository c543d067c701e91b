import type { Content } from '../../state/content.ts';
import type { ControlChange, Conversation, Message } from '../../state/records.ts';
import type { State } from '../../state/state.ts';

/** Who sits in front of the page. */
export type Viewer = 'customer' | 'agent';

const SHOWN = 200;
/** The platform marks what a machine has written (`author.subtypes`). */
const AI = 'AI';

/** What was said and what happened in between, oldest first, for a page: the newest, or all. */
export function showLog(state: State, conversation: Conversation, viewer: Viewer, all: boolean) {
  const said = (state.messages.get(conversation.id) ?? []).filter(
    ({ isHidden }) => viewer === 'agent' || isHidden !== true,
  );
  const lastOwn = said.findLast(({ speaker }) => speaker.kind === viewer);
  const entries = [
    ...said.map((message, index) =>
      message.speaker.kind === 'system'
        ? showLine(message.id, message.received, textOf(message))
        : {
            ...showMessage(message, said[index - 1], viewer),
            mark: message === lastOwn ? describeMark(conversation, message, viewer) : '',
          },
    ),
    ...(conversation.controlChanges ?? []).flatMap((change) => showChange(change, viewer)),
  ].toSorted((left, right) => left.at.localeCompare(right.at));
  const shown = all ? entries : entries.slice(-SHOWN);
  return { entries: shown, earlier: entries.length - shown.length };
}

function showMessage(message: Message, before: Message | undefined, viewer: Viewer) {
  return {
    kind: 'message' as const,
    key: message.id,
    at: message.received,
    time: showTime(message.received),
    message,
    isOwn: message.speaker.kind === viewer,
    isAI: message.author.subtypes?.includes(AI) === true,
    isFirst: before === undefined || !isSameSpeaker(before, message),
  };
}

/** `sent`: what whoever did it sent along. */
function showLine(key: string, at: string, words: string, sent: [string, unknown][] = []) {
  return { kind: 'line' as const, key, at, time: showTime(at), words, sent };
}

function isSameSpeaker({ speaker: left, author }: Message, { speaker, author: other }: Message) {
  return (
    left.kind === speaker.kind && left.name === speaker.name && author.avatarUrl === other.avatarUrl
  );
}

function describeMark(conversation: Conversation, { received }: Message, viewer: Viewer): string {
  const { businessLastRead, participants } = conversation;
  const seen = viewer === 'customer' ? businessLastRead : participants[0]?.lastRead;
  return seen !== undefined && seen >= received ? 'Seen' : 'Sent';
}

/** A line in the log about who has control; customers hear of what concerns them. */
function showChange(change: ControlChange, viewer: Viewer) {
  const words = viewer === 'customer' ? wordForCustomer(change) : wordForAgent(change);
  if (words === undefined) return [];
  const { at, type, metadata } = change;
  const sent = viewer === 'agent' ? Object.entries(metadata ?? {}) : [];
  return [showLine(`${type} ${at}`, at, words, sent)];
}

function wordForCustomer({ type, to }: ControlChange): string | undefined {
  if (type === 'switchboard:releaseControl')
    return 'This conversation has ended. Write to begin again.';
  if (type !== 'switchboard:passControl' && type !== 'switchboard:acceptControl') return undefined;
  if (to === null) return undefined;
  return to.kind === 'agent'
    ? 'You were handed over to the team. A person answers next.'
    : `${to.name} answers again.`;
}

const REASONS = new Map([
  ['ticketClosed', 'the ticket was closed'],
  ['transferToEmail', 'it goes on by e-mail'],
]);

function wordForAgent({ type, to, reason, problem }: ControlChange): string {
  const name = to?.name ?? 'nobody';
  const why = reason === undefined ? '' : `: ${REASONS.get(reason) ?? reason}`;
  switch (type) {
    case 'switchboard:offerControl':
      return `Control was offered to ${name}`;
    case 'switchboard:acceptControl':
      return `${name} accepted control`;
    case 'switchboard:releaseControl':
      return `Control was released: nobody answers until the customer writes${why}`;
    default:
      return problem === undefined
        ? `Control was passed to ${name}${why}`
        : `Control did not move: ${problem}`;
  }
}

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

/** In the machine's own time zone: whoever looks at a local stand-in is where it runs. */
function showTime(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
