import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merge, removeUser } from '../../../server/features/erasure/customers.ts';
import { livesOn } from '../../../server/features/erasure/merges.ts';
import { anyCharacter } from '../../fuzz/support/hostile-text.ts';
import { engines } from '../../support/store/engines.ts';
import type { TestMemory } from './support/keys.ts';
import { openMemories, type Memories } from './support/open-memories.ts';

const USERS = ['a', 'b', 'c'];
/** Each customer has a conversation. */
const conversationOf = (user: string) => `of-${user}`;

const part = fc.constantFrom('conversation' as const, 'customer' as const);
const change = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      part,
      values: fc.dictionary(
        fc.oneof(fc.constantFrom('k', 'l', '__proto__'), fc.string({ unit: anyCharacter })),
        fc.oneof(fc.jsonValue(), fc.string({ unit: anyCharacter }), fc.constant(undefined)),
        { maxKeys: 4 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ part, values: fc.constant('clear' as const) }) },
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

const user = fc.constantFrom(...USERS);
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('attempt' as const),
      user,
      changes: fc.array(change, { maxLength: 4 }),
      isSettled: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), user, into: user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), user }) },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

describe.each(engines)('what is remembered on %s, against a model', (engine) => {
  let on: Memories;
  beforeAll(async () => {
    on = await openMemories(engine, livesOn);
  });
  afterAll(() => on.close());

  it(
    'is what was settled, whatever is set, cleared, merged and removed',
    { timeout: 120_000 },
    () =>
      fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 15 }), (actions) =>
          play(on, actions),
        ),
        { numRuns: engine === 'sqlite' ? 100 : 40 },
      ),
  );
});

type Remembered = Map<string, unknown>;

async function play(on: Memories, actions: readonly Action[]): Promise<void> {
  const installationId = await on.createInstallation();
  /** By part and user. */
  const model = new Map<string, Remembered>();
  /** Those that Zendesk knows; whom it removed or merged sends no more events. */
  const living = new Set(USERS);
  const valueOf = (which: Change['part'], name: string) =>
    model.get(`${which} ${name}`) ?? new Map();

  for (const step of actions) {
    if (!living.has(step.user)) continue;
    switch (step.do) {
      case 'attempt': {
        const { user: name, changes, isSettled } = step;
        await on.meet(installationId, conversationOf(name), name);
        const at = { installationId, conversationId: conversationOf(name), customerId: name };
        const next = {
          conversation: new Map(valueOf('conversation', name)),
          customer: new Map(valueOf('customer', name)),
        };
        await on.attempt(
          at,
          async (memory) => {
            await expectEqual(memory, next);
            for (const one of changes) {
              await make(memory, one);
              note(next[one.part], one);
            }
            await expectEqual(memory, next);
          },
          { isSettled },
        );
        if (isSettled)
          for (const which of ['conversation', 'customer'] as const)
            model.set(`${which} ${name}`, next[which]);
        break;
      }
      case 'merge': {
        const { user: discarded, into } = step;
        if (into === discarded || !living.has(into)) break;
        await merge(on.deps, installationId, {
          kind: 'conversation',
          discardedId: conversationOf(discarded),
          survivingId: conversationOf(into),
        });
        const users = { kind: 'user', discardedId: discarded, survivingId: into } as const;
        await merge(on.deps, installationId, users);
        for (const which of ['conversation', 'customer'] as const) {
          const survivors = [...valueOf(which, discarded), ...valueOf(which, into)];
          model.set(`${which} ${into}`, new Map(survivors));
        }
        living.delete(discarded);
        break;
      }
      case 'remove':
        await removeUser(on.deps, installationId, step.user);
        model.delete(`conversation ${step.user}`);
        model.delete(`customer ${step.user}`);
        living.delete(step.user);
        break;
    }
  }
  await on.stores.installations.remove(installationId, { kind: 'removed', text: 'Over' });
}

async function make(memory: TestMemory, { part: which, values }: Change): Promise<void> {
  const at: { set: (values: object) => Promise<void>; clear: () => Promise<void> } = memory[which];
  await (values === 'clear' ? at.clear() : at.set(values));
}

function note(value: Remembered, { values }: Change): void {
  if (values === 'clear') return value.clear();
  for (const [key, one] of Object.entries(values)) {
    if (one === undefined || one === null) value.delete(key);
    else value.set(key, JSON.parse(JSON.stringify(one)));
  }
}

async function expectEqual(
  memory: TestMemory,
  expected: Record<Change['part'], Remembered>,
): Promise<void> {
  for (const which of ['conversation', 'customer'] as const)
    expect(new Map(Object.entries(await memory[which].get()))).toEqual(expected[which]);
}
