import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { createAcceptor } from '../../../server/inbox/receive/group-commit.ts';
import { createWorker } from '../../../server/inbox/worker.ts';
import { createObserve } from '../../../server/observe.ts';
import { engines } from '../../support/store/engines.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { useEvents } from '../support/use-events.ts';

const CONVERSATIONS = 12;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe.each(engines)('an account with more conversations than places on %s', (engine) => {
  const on = useEvents(engine);
  let stop = async () => {};
  afterEach(() => stop());

  it('has each of them answered in its turn, although the others go on without a pause', async () => {
    const answered = new Map<string, number>();
    let isOver = false;
    let count = 0;
    let speaking = 0;
    const worker = createWorker({
      events: on.store,
      owner: randomUUID(),
      settings: { pollMs: 600_000, parallel: 8 },
      observe: createObserve(),
      log: silent,
      async handle(event) {
        const { conversation_key: key } = event;
        answered.set(key, (answered.get(key) ?? 0) + 1);
        const name = key.split('/')[1] ?? '';
        // Who is answered writes again at once.
        setImmediate(() => void say(name));
        return { event, state: 'done', note: null };
      },
    });
    stop = () => worker.stop(1_000);
    worker.start();
    const accept = createAcceptor(worker, (keys) => void worker.look(keys));
    async function say(conversation: string): Promise<void> {
      if (isOver) return;
      speaking += 1;
      await accept([on.message(`${count++}`, conversation)]);
      speaking -= 1;
    }
    const names = Array.from({ length: CONVERSATIONS }, (_, n) => `conversation-${n}`);
    await Promise.all(names.map(say));
    await waitUntil('many are answered', () => count > 40 * CONVERSATIONS);
    isOver = true;
    await waitUntil('nobody is speaking', () => speaking === 0);
    const counts = [...answered.values()];
    expect(counts).toHaveLength(CONVERSATIONS);
    expect(Math.min(...counts)).toBeGreaterThan(Math.max(...counts) / 2);
  });
});
