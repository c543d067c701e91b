import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWorld } from '../support/start-world.ts';
import type { World } from '../support/start-world.ts';

const business = { type: 'business' };
const size = {
  type: 'select',
  name: 'size',
  label: 'Size',
  options: [
    { name: 's', label: 'Small' },
    { name: 'l', label: 'Large' },
  ],
};
const fields = [
  { type: 'text', name: 'name', label: 'Your name', minSize: 2, maxSize: 5 },
  { type: 'email', name: 'mail', label: 'E-mail' },
  size,
  { type: 'text', name: 'age', label: 'Age', format: 'integer' },
  { type: 'text', name: 'price', label: 'Price', format: 'decimal' },
];
const values = { name: 'Ada', mail: 'ada@example.com', size: 'l', age: '36', price: '9.5' };

describe('forms', () => {
  let world: World;
  let conversationId: string;
  let bot: ReturnType<World['installListening']>;

  beforeEach(async () => {
    world = await startWorld();
    bot = world.installListening();
    ({ conversationId } = world.control.createConversation({ account: 'acme' }));
  });

  afterEach(() => world.close());

  const post = (form: unknown[]) =>
    bot.call('POST', `/conversations/${conversationId}/messages`, {
      author: business,
      content: { type: 'form', fields: form },
    });

  async function sendForm(): Promise<string> {
    const { body } = await post(fields);
    return body.messages?.[0]?.id ?? '';
  }

  async function list() {
    return (await bot.call('GET', `/conversations/${conversationId}/messages`)).body.messages;
  }

  it('are answered with a formResponse that quotes them, and count as submitted', async () => {
    const formId = await sendForm();
    expect(await list()).toMatchObject([{ content: { type: 'form', submitted: false } }]);
    world.control.answerForm({ conversationId, formId, values });
    const message = {
      author: { type: 'user' },
      content: {
        type: 'formResponse',
        fields: [
          { type: 'text', name: 'name', label: 'Your name', text: 'Ada' },
          { type: 'email', name: 'mail', label: 'E-mail', email: 'ada@example.com' },
          { type: 'select', name: 'size', select: [{ name: 'l', label: 'Large' }] },
          { name: 'age', text: '36', format: 'integer' },
          { name: 'price', text: '9.5', format: 'decimal' },
        ],
        textFallback: 'Your name: Ada\nE-mail: ada@example.com\nSize: Large\nAge: 36\nPrice: 9.5',
      },
      quotedMessage: { type: 'message', message: { id: formId, content: { submitted: true } } },
    };
    expect(await list()).toMatchObject([{ content: { submitted: true } }, message]);
    expect((await world.events()).at(-1)).toMatchObject({ payload: { message } });
  });

  it('cannot be answered twice, nor where there are none', async () => {
    const formId = await sendForm();
    world.control.answerForm({ conversationId, formId, values });
    expect(() => world.control.answerForm({ conversationId, formId, values })).toThrow(
      'answered already',
    );
    expect(() => world.control.answerForm({ conversationId, formId: 'x', values })).toThrow(
      'no such form',
    );
    expect(await list()).toHaveLength(2);
  });

  it.each([
    ['name', '', 'Your name: this is required.'],
    ['name', 'A', 'Your name: write 2 characters at least.'],
    ['name', 'Augusta', 'Your name: write 5 characters at most.'],
    ['mail', 'ada', 'E-mail: this is no e-mail address.'],
    ['mail', `${'a'.repeat(128)}@example.com`, 'E-mail: this is no e-mail address.'],
    ['size', 'Large', 'Size: choose one of the options.'],
    ['age', '3.5', 'Age: this is no whole number.'],
    ['price', '1,5', 'Price: this is no number.'],
  ])('refuse for the field %s the value "%s"', async (name, value, problem) => {
    const formId = await sendForm();
    const wrong = { ...values, [name]: value };
    expect(() => world.control.answerForm({ conversationId, formId, values: wrong })).toThrowError(
      expect.objectContaining({ problems: { [name]: problem } }),
    );
    expect(await list()).toMatchObject([{ content: { submitted: false } }]);
  });

  const text = { type: 'text', name: 'a', label: 'A' };

  it.each([
    ['no field', []],
    ['21 fields', Array.from({ length: 21 }, (_, n) => ({ ...text, name: `field ${n}` }))],
    ['two fields of one name', [text, text]],
    ['a select without options', [{ ...text, type: 'select' }]],
    ['a select of no options', [{ ...size, options: [] }]],
    ['options of one name', [{ ...size, options: [size.options[0], size.options[0]] }]],
    ['an option without a label', [{ ...size, options: [{ name: 's' }] }]],
    [
      '201 options',
      [{ ...size, options: Array.from({ length: 201 }, (_, n) => ({ name: `${n}`, label: 'x' })) }],
    ],
    ['a smallest size above the largest', [{ ...text, minSize: 9, maxSize: 8 }]],
    ['a size above 256', [{ ...text, maxSize: 257 }]],
    ['an unknown format', [{ ...text, format: 'date' }]],
    ['an unknown type', [{ ...text, type: 'date' }]],
    ['a label of 129 characters', [{ ...text, label: 'x'.repeat(129) }]],
  ])('with %s are refused', async (_case, form) => {
    const refused = await post(form);
    expect(refused.status).toBe(400);
    expect(refused.body.errors?.[0]?.title).toMatch(/^\.content\.fields/);
  });
});
