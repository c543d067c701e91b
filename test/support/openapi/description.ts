import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { findProjectRoot } from '../../../server/config/env-file.ts';

/** A schema of OpenAPI 3.0, as far as it is looked into here. */
export type Schema = Readonly<Record<string, unknown>>;

const Body = z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })) });

const Operation = z.looseObject({
  operationId: z.string(),
  requestBody: Body.optional(),
  /** Each way in, with the scopes of which one is needed. */
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  responses: z.record(z.string(), z.looseObject({ content: Body.shape.content.optional() })),
});

const Description = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({
    schemas: z.record(z.string(), z.looseObject({})),
    /** Of answers, by name. */
    examples: z.record(z.string(), z.unknown()).default({}),
  }),
});

/**
 * The official description of the Sunshine Conversations API. It is on no package registry, so it lies
 * beside the checkout, or where OPENAPI_FILE says.
 */
export const descriptionFile =
  process.env['OPENAPI_FILE'] ??
  join(findProjectRoot(), '../shared/reference/sunshine-conversations-openapi-17.12.1.yaml');

/** False only outside CI, where the tests that need the description are then skipped. */
export const descriptionIsAvailable = existsSync(descriptionFile) || Boolean(process.env['CI']);

export const HOW_TO_GET_IT =
  'The official API description is not here: download openapi.yaml (version 17.12.1) of ' +
  'zendesk/sunshine-conversations-api-spec and set OPENAPI_FILE to its path.';

let parsed: ReturnType<typeof parseDescription> | undefined;

/** Once in a process, because it takes a second. @throws when the file is missing or is not such a description. */
export function readDescription() {
  return (parsed ??= parseDescription());
}

function parseDescription() {
  if (!existsSync(descriptionFile)) throw new Error(HOW_TO_GET_IT);
  const { paths, components } = Description.parse(parse(readFileSync(descriptionFile, 'utf8')));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]) => ({ path, method, ...Operation.parse(operation) })),
  );
  return {
    schemas: components.schemas,
    errorCodes: collectErrorCodes(paths, components.examples),
    operations: new Map(
      operations.map(({ operationId, path, method, security = [], requestBody, responses }) => [
        operationId,
        {
          path,
          /** In lower case. */
          method,
          scopes: security.flatMap((way) => Object.values(way).flat()),
          /** Absent: the call has no JSON body. */
          request: requestBody?.content['application/json']?.schema,
          isMultipart: requestBody?.content['multipart/form-data'] !== undefined,
          answers: new Map(
            Object.entries(responses).map(([status, { content }]) => [
              Number(status),
              content?.['application/json']?.schema,
            ]),
          ),
        },
      ]),
    ),
  };
}

/** The codes of errors that the examples have, by status. */
function collectErrorCodes(
  paths: z.infer<typeof Description>['paths'],
  examples: Record<string, unknown>,
): Map<number, Set<string>> {
  const codes = new Map<number, Set<string>>();
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  for (const operation of operations) {
    const { responses } = Responses.catch({ responses: {} }).parse(operation);
    for (const [status, answer] of Object.entries(responses)) {
      const known = codes.get(Number(status)) ?? new Set();
      codes.set(Number(status), known);
      for (const code of findCodes(answer, examples)) known.add(code);
    }
  }
  return codes;
}

const Responses = z.object({ responses: z.record(z.string(), z.unknown()) });
const Reference = z.object({ $ref: z.string().startsWith('#/components/examples/') });
const Errors = z.object({ errors: z.array(z.object({ code: z.string() })) });

function findCodes(value: unknown, examples: Record<string, unknown>): string[] {
  const named = Reference.safeParse(value).data?.$ref.split('/').at(-1);
  if (named !== undefined) return findCodes(examples[named], examples);
  const found = Errors.safeParse(value).data?.errors.map(({ code }) => code);
  if (found) return found;
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) => findCodes(one, examples));
}
