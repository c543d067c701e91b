import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Bot, IncomingMessage, OnMessage, Tools } from '../../server/runtime/types.ts';
import { fakeMessage } from '../bot/fake-message.ts';
import { fakeTools } from '../bot/fake-tools.ts';
import { checkTypes, extendsTypes } from './support/check-types.ts';
import { findExamples } from './support/find-examples.ts';
import { readPages } from './support/read-pages.ts';
import { writeExamples } from './support/write-examples.ts';

const pages = readPages().map(findExamples);
const madeUp = { page: 'docs/made-up.md', line: 7, path: 'server/bot/on-start.ts' };
/** Compiled with the others, because each time the compiler reads the whole project. */
const wrong = {
  ...madeUp,
  code: `// ${madeUp.path}\nexport const wrong: number = 'a text';\n`,
};
const programs = [
  [...pages.filter((page) => !extendsTypes(page)).flat(), wrong],
  pages.filter(extendsTypes).flat(),
].map(writeExamples);
const all = programs.flatMap(({ written }) => written).filter(({ page }) => page !== madeUp.page);
afterAll(() => {
  for (const { folder } of programs) rmSync(folder, { recursive: true });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

/** What a file in server/bot may export; the compiler has checked the rest. */
const Handlers = z.object({
  onMessage: z.custom<Bot['onMessage']>().optional(),
  onHidden: z.custom<Bot['onMessage']>().optional(),
  onPostback: z.custom<Bot['onPostback']>().optional(),
  onStart: z.custom<Bot['onStart']>().optional(),
  onHandOffFailed: z.custom<Bot['onHandOffFailed']>().optional(),
  onGiveUp: z.custom<Bot['onGiveUp']>().optional(),
  onEnded: z.custom<Bot['onEnded']>().optional(),
  onDeliveryFailed: z.custom<Bot['onDeliveryFailed']>().optional(),
  onWake: z.custom<Bot['onWake']>().optional(),
});

const messages: IncomingMessage[] = [
  fakeMessage('Hello?'),
  fakeMessage({ type: 'text', text: 'Agent', payload: 'agent' }),
  fakeMessage({ type: 'media', text: 'Is this it?' }),
  fakeMessage({ type: 'location' }),
  fakeMessage({ type: 'form', values: { email: 'jane@example.com', order: '4711' } }),
  fakeMessage({ type: 'other' }),
];

const reminder = z.custom<never>().parse({ kind: 'reminder', about: 'tea' }); // for onWake

const leaves = { by: 'customer' } as const; // for onEnded
const isClosed = { by: 'agent', reason: 'ticketClosed' } as const; // for onEnded
const bug = { handler: 'onMessage', reason: 'A bug.' }; // for onGiveUp
const turn = { id: '1', role: 'assistant', by: 'bot', text: 'Hi', at: new Date() } as const; // for onDeliveryFailed
const failure = { message: turn, channel: 'sms', code: undefined, reason: undefined }; // for onDeliveryFailed

const listMessageCalls = (handler: OnMessage) =>
  messages.map((message) => (tools: Tools) => handler({ ...tools, message, earlier: [] }));

/** Every way in which the handlers of a file can be called. */
function listCalls(handlers: z.infer<typeof Handlers>) {
  const { onMessage, onPostback, onStart, onHandOffFailed } = handlers;
  const calls = onMessage ? listMessageCalls(onMessage) : [];
  const pressed = { payload: 'hours', metadata: {} };
  const onButton = onPostback && ((tools: Tools) => onPostback({ ...tools, ...pressed }));
  const reason = 'startConversation';
  const onOpened = onStart && ((tools: Tools) => onStart({ ...tools, reason }));
  const found = [...calls, onButton, onOpened, onHandOffFailed];
  const { onHidden } = handlers;
  if (onHidden) found.push(...listMessageCalls(onHidden));
  const { onGiveUp } = handlers;
  if (onGiveUp) found.push((tools) => onGiveUp({ ...tools, ...bug }));
  const { onEnded } = handlers;
  if (onEnded) found.push((tools) => onEnded({ ...tools, ...leaves }));
  if (onEnded) found.push((tools) => onEnded({ ...tools, ...isClosed }));
  const { onDeliveryFailed } = handlers;
  if (onDeliveryFailed) found.push((tools) => onDeliveryFailed({ ...tools, failure }));
  const { onWake } = handlers;
  if (onWake) found.push((tools) => onWake({ ...tools, data: reminder }));
  return found.filter((call) => call !== undefined);
}

/**
 * Tools of an account in which every connection works, also the one that docs/add-a-provider.md adds, and of a
 * customer of whom nothing is remembered; what is set there is what docs/settings.md greets with.
 */
function openTools() {
  const joinUrl = 'https://zoom.example/j/1';
  const zoom = { createMeeting: vi.fn().mockResolvedValue({ ok: true, joinUrl }) };
  const calendar = { nextFreeHour: vi.fn().mockResolvedValue({ ok: true, value: '10:00' }) };
  const meeting = { title: 'Retirement review', heldAt: new Date() };
  const latestNotes = vi.fn().mockResolvedValue({ ok: true, value: [{ text: 'Saves.', meeting }] });
  const nothing = { get: async () => ({}), set: async () => {}, clear: async () => {} };
  const tools = Object.assign(fakeTools(), {
    send: vi.fn(),
    customer: { id: 'customer', profile: async () => ({ identities: [] }), update: vi.fn() },
    history: async () => [],
    zendesk: { call: async () => ({ participants: [] }) },
    upload: vi.fn((_source, file) => ({ ...file, url: async () => 'https://media.example/1' })),
    connections: { zoom, calendar, zocks: { latestNotes } },
    memory: { conversation: nothing, customer: nothing },
    settings: { greeting: 'Hello!', isOpen: false },
    wakeAt: vi.fn(),
    cancelWake: vi.fn(),
  });
  return tools;
}

describe('the examples', () => {
  let faults: string[];
  beforeAll(() => {
    const said = programs.map(({ folder, written }) => checkTypes(folder, written)).join('');
    faults = said.split('\n').filter((line) => line !== '');
  }, 120_000);
  const isOfWrong = (line: string) => line.startsWith(`${madeUp.page}:`);
  const isOfTest = (line: string) => line.includes('/test/');

  it('compile', () => {
    expect(faults.filter((line) => !isOfWrong(line) && !isOfTest(line))).toEqual([]);
  });

  it('declare what they like of memory, settings, alarms and providers: no test of the project minds', () => {
    expect(faults.filter(isOfTest)).toEqual([]);
  });

  it('are reported with the line of their page when they do not', () => {
    expect(faults.filter(isOfWrong)).toEqual([
      expect.stringMatching(/^docs\/made-up\.md:8:14: error TS2322/),
    ]);
  });
});

describe('an example', () => {
  it('that tests the bot lies where a test may look at it', () => {
    const looking = all.filter(
      ({ path, code }) => path.startsWith('test/') && code.includes('/server/bot/'),
    );
    const places = new Set(looking.map(({ path }) => dirname(path)));
    expect([...places]).toEqual(['test/bot']);
  });

  it('that does not name its file is refused with its line', () => {
    const page = { path: madeUp.page, text: 'Text.\n\n```ts\nexport {};\n```\n' };
    expect(() => findExamples(page)).toThrow('docs/made-up.md:4:');
  });
});

describe.each(all.filter(({ path }) => path.startsWith('server/bot/on-')))(
  'the handler at $page:$line',
  ({ file }) => {
    it('does something that the customer sees, whatever happens', async () => {
      vi.stubGlobal('fetch', async () => Response.json({}));
      for (const name of ['MODEL_URL', 'MODEL_NAME']) vi.stubEnv(name, 'https://models.example');
      const calls = listCalls(Handlers.parse(await import(file)));
      expect(calls).not.toEqual([]);
      for (const call of calls) {
        const tools = openTools();
        await call(tools);
        const { reply, send, handOff, end, customer } = tools;
        // Of a conversation that is over remains what its customer is known for.
        const does = [reply, send, handOff, end, customer.update];
        const seen = does.flatMap(({ mock }) => mock.calls.map(String));
        expect(seen).not.toEqual([]);
      }
    });
  },
);

for (const { page, line, file } of all.filter(({ path }) => path.endsWith('.test.ts'))) {
  // Its tests are collected here and run like any others.
  describe(`the tests at ${page}:${line}`, async () => {
    await import(file);
  });
}
