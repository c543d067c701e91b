import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';
import type { RecordedCall, ZendeskOperation } from '@shopkeeper/zendesk-sandbox';
import { descriptionIsAvailable, readDescription, type Schema } from './description.ts';
import { createConverter, DEFINITIONS, type Direction } from './to-json-schema.ts';

/**
 * Written by hand: what the description shows in examples only, and what it has of a message in answers and
 * leaves out where events carry the same message.
 */
const SHOWN_ELSEWHERE: Record<string, Schema> = {
  authorWebhook: {
    displayName: { type: 'string' },
    avatarUrl: { type: 'string' },
    subtypes: { type: 'array', items: { type: 'string' } },
  },
  messageWebhook: { activity: { $ref: '#/components/schemas/activityMessage' } },
};

const Delivery = z.object({
  events: z.array(z.looseObject({ type: z.string(), payload: z.looseObject({}) })),
});

const description = descriptionIsAvailable ? readDescription() : undefined;
const validators = new Map<string, ValidateFunction>();
const directions = { request: createDirection('request'), answer: createDirection('answer') };

/**
 * Throws for the first successful call whose request does not fit the official API description,
 * and for the first call whose answer does not. Refused requests are meant to be wrong and dropped
 * connections carry no answer, so neither is looked at; nor is an HTML page from an armed fault.
 */
export function checkRecordedCalls(calls: readonly RecordedCall<ZendeskOperation>[]): void {
  if (description === undefined) return;
  for (const call of calls) {
    if (call.status === null || typeof call.answer === 'string') continue;
    const { operation, method, path, status } = call;
    const where = `${operation} (${method} ${path})`;
    if (status >= 400) {
      const schema = operation === 'GetToken' ? { anyOf: [errors, refusal] } : errors;
      check(`${where}: answer`, 'answer', `${operation} refused`, () => schema, call.answer);
      checkErrorCode(where, status, call.answer);
      continue;
    }
    const described = description.operations.get(operation);
    if (described === undefined) throw new Error(`${where}: there is no such operation`);
    const { request, isMultipart, answers } = described;
    if (!answers.has(status)) throw new Error(`${where}: status does not fit: ${status}`);
    if (!isMultipart) {
      const body = request ?? NOTHING;
      check(`${where}: request`, 'request', operation, () => body, call.body ?? {});
    }
    const answer = () => whole(answers.get(status) ?? NOTHING);
    check(`${where}: answer`, 'answer', `${operation} ${status}`, answer, call.answer);
  }
}

/** Throws unless it is a webhook delivery as the description has them, with events it knows. */
export function checkDelivery(body: unknown): void {
  if (description === undefined) return;
  check('Delivery', 'answer', 'delivery', () => delivery, body);
  for (const event of Delivery.parse(body).events)
    check(event.type, 'answer', event.type, () => describeEvent(event.type), event);
}

function describeEvent(type: string): Schema {
  const [name] =
    Object.entries(description?.schemas ?? {}).find(([, one]) => one['title'] === type) ?? [];
  if (name === undefined) throw new Error(`The description has no event ${type}.`);
  const $ref = `#/components/schemas/${name}`;
  return { allOf: [{ $ref }], required: ['id', 'type', 'createdAt', 'payload'] };
}

/** Throws for a code that no example of the description has with that status, if there are examples. */
function checkErrorCode(where: string, status: number, answer: unknown): void {
  const known = description?.errorCodes.get(status);
  if (known === undefined || known.size === 0) return;
  for (const { code } of Refusal.safeParse(answer).data?.errors ?? []) {
    if (!known.has(code)) throw new Error(`${where}: there is no error ${status} ${code}`);
  }
}

const NOTHING: Schema = { type: 'object', properties: {} };

const Refusal = z.object({ errors: z.array(z.object({ code: z.string() })) });

const errors: Schema = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      minItems: 1,
      items: { allOf: [{ $ref: '#/components/schemas/error' }], required: ['code', 'title'] },
    },
  },
};

/** The token endpoint may refuse as RFC 6749 §5.2 has it as well: the description is silent there. */
const refusal: Schema = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
};

const delivery: Schema = {
  type: 'object',
  required: ['app', 'webhook', 'events'],
  properties: {
    app: { $ref: '#/components/schemas/appSubSchema' },
    webhook: { $ref: '#/components/schemas/webhookSubSchema' },
    events: { type: 'array', minItems: 1, items: { type: 'object' } },
  },
};

/** The description requires next to nothing of an answer; the members at its top are always there. */
function whole(schema: Schema): Schema {
  const flat = directions.answer?.converter.flatten(schema) ?? schema;
  return { ...flat, required: Object.keys(z.looseObject({}).parse(flat['properties'] ?? {})) };
}

/** @param describe is asked once for each name. */
function check(
  what: string,
  direction: Direction,
  name: string,
  describe: () => Schema,
  value: unknown,
): void {
  const key = `${direction} ${name}`;
  const validate = validators.get(key) ?? directions[direction]?.compile(describe());
  if (validate === undefined) return;
  validators.set(key, validate);
  if (validate(value)) return;
  const faults = (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map(({ instancePath, message, params }) => {
      return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;
    });
  throw new Error(`${what} does not fit\n${faults.join('\n')}\n${JSON.stringify(value)}`);
}

function createDirection(direction: Direction) {
  if (description === undefined) return undefined;
  const schemas = { ...description.schemas };
  for (const [name, added] of Object.entries(SHOWN_ELSEWHERE)) {
    const shown = { type: 'object', properties: added };
    const { [name]: documented = {} } = schemas;
    schemas[name] = { allOf: [documented, shown] };
  }
  const converter = createConverter(schemas, direction);
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    // What is shorter for it takes longer to make than to run as it is.
    code: { optimize: false },
    formats: {
      uri: (value: string) => URL.canParse(value),
      email: /^[^@\s]+@[^@\s]+$/,
      binary: true,
    },
  });
  ajv.addSchema({ $id: DEFINITIONS, $defs: converter.definitions() });
  return { converter, compile: (schema: Schema) => ajv.compile(converter.convert(schema)) };
}
