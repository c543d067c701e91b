import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../../test/support/process/start-fleet.ts';

const CUSTOMERS = 10;
/** A customer waits for an answer before so many messages are without one. */
const UNANSWERED = 5;
const RETRY_MS = 50;
const TYPING_MS = 20;
/** After so long without a further answer, what is missing counts as lost. */
const PATIENCE_MS = 120_000;

export interface Verdict {
  /** Deliveries that got a 200. */
  acknowledged: number;
  /** Of these, those whose answer the customer has. */
  answered: number;
  lost: number;
  doubled: number;
  /** Answers that stand before that of an earlier message. */
  outOfOrder: number;
  /** Deliveries that were repeated, because nobody acknowledged them. */
  repeated: number;
}

/**
 * Customers who write one message after the other. Each is delivered as a load balancer does: to any of the
 * instances, and again until one of them acknowledges it.
 */
export function startTalking(fleet: Fleet, installed: { id: string; key: string }) {
  const ids = Array.from(
    { length: CUSTOMERS },
    () => fleet.zendesk.createConversation({ account: 'acme' }).conversationId,
  );
  const acknowledged = new Map<string, string[]>(ids.map((id) => [id, []]));
  let count = 0;
  let repeated = 0;
  let talking = true;

  async function deliver(event: object): Promise<boolean> {
    const [target = ''] = fleet.targets.toSorted(() => Math.random() - 0.5);
    const response = await fetch(`http://${target}/webhooks/${installed.id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': installed.key },
      body: JSON.stringify({ app: {}, webhook: {}, events: [event] }),
    }).catch(() => undefined);
    if (response && response.status !== 200 && response.status !== 503) {
      throw new Error(`A delivery was answered ${response.status}.`);
    }
    return response?.status === 200;
  }

  async function talk(conversationId: string): Promise<void> {
    while (talking) {
      const word = `word ${++count}.`;
      const event = fleet.zendesk.buildMessageEvent({ conversationId, text: word });
      while (!(await deliver(event))) {
        repeated += 1;
        await sleep(RETRY_MS);
      }
      const said = acknowledged.get(conversationId) ?? [];
      said.push(word);
      do await sleep(TYPING_MS);
      while (talking && said.length - answersIn(conversationId).length >= UNANSWERED);
    }
  }

  const answersIn = (id: string): string[] =>
    fleet.zendesk
      .messages(id)
      .filter(({ author }) => author.type === 'business')
      .flatMap(({ content }) =>
        'text' in content ? (/word \d+\./.exec(String(content.text)) ?? []) : [],
      );
  const talks = Promise.all(ids.map(talk));
  // A refusal is told when the talk is stopped.
  talks.catch(() => {});

  return {
    /** Lets everybody finish, waits until all are answered, and counts. */
    async stop(): Promise<Verdict> {
      talking = false;
      await talks;
      const said = [...acknowledged.values()].flat().length;
      const answers = () => ids.flatMap(answersIn).length;
      let last = 0;
      let lastAt = performance.now();
      while (answers() < said && performance.now() - lastAt < PATIENCE_MS) {
        if (answers() > last) [last, lastAt] = [answers(), performance.now()];
        await sleep(100);
      }
      const verdicts = ids.map((id) => compare(acknowledged.get(id) ?? [], answersIn(id)));
      return sum([{ ...NOTHING, repeated }, ...verdicts]);
    },
  };
}

export const NOTHING: Verdict = {
  acknowledged: 0,
  answered: 0,
  lost: 0,
  doubled: 0,
  outOfOrder: 0,
  repeated: 0,
};
const COUNTS = ['acknowledged', 'answered', 'lost', 'doubled', 'outOfOrder', 'repeated'] as const;

function compare(said: readonly string[], answers: readonly string[]): Verdict {
  const firsts = [...new Set(answers)];
  const places = firsts.map((word) => said.indexOf(word));
  const answered = said.filter((word) => firsts.includes(word)).length;
  return {
    acknowledged: said.length,
    answered,
    lost: said.length - answered,
    doubled: answers.length - firsts.length,
    outOfOrder: places.filter((place, at) => at > 0 && place < (places[at - 1] ?? 0)).length,
    repeated: 0,
  };
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = { ...NOTHING };
  for (const verdict of verdicts) for (const key of COUNTS) total[key] += verdict[key];
  return total;
}
