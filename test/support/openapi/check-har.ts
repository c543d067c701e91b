/** `npx tsx test/support/openapi/check-har.ts FILE`: holds recorded calls against the official description. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { zendeskOperations } from '../../../sandbox/src/zendesk/operation-names.ts';
import { checkRecordedCalls } from './check.ts';
import { readDescription } from './description.ts';

/** As much of an HTTP Archive (1.2) as is looked at. */
const Archive = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        startedDateTime: z.string().default(''),
        request: z.object({
          method: z.string(),
          url: z.url(),
          postData: z.object({ mimeType: z.string(), text: z.string().optional() }).optional(),
        }),
        response: z.object({
          status: z.int(),
          content: z.object({ mimeType: z.string().default(''), text: z.string().optional() }),
        }),
      }),
    ),
  }),
});

type Entry = z.infer<typeof Archive>['log']['entries'][number];

/**
 * Returns how many calls of the API a HAR file has, and what does not fit of each. It may come from the
 * sandbox, a browser or a proxy: what is no call of the API is passed over.
 * @throws a ZodError when it is no such file.
 */
export function checkHar(file: unknown): { calls: number; faults: string[] } {
  const operations = listOperations();
  let calls = 0;
  const faults: string[] = [];
  for (const entry of Archive.parse(file).log.entries) {
    const { pathname, search } = new URL(entry.request.url);
    const found = operations.find(
      ({ method, pattern }) => method === entry.request.method && pattern.test(pathname),
    );
    const operation = zendeskOperations.find((name) => name === found?.name);
    if (operation === undefined) continue;
    calls += 1;
    try {
      checkRecordedCalls([{ ...toCall(entry), operation, path: pathname + search }]);
    } catch (error) {
      faults.push(
        `${entry.startedDateTime} ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { calls, faults };
}

/** Wherever the API is: its paths follow after `/sc`, after `/legacy`, or at once. */
function listOperations() {
  return [...readDescription().operations].map(([name, { method, path }]) => ({
    name: name[0]?.toUpperCase() + name.slice(1),
    method: method.toUpperCase(),
    pattern: new RegExp(`(^|/sc|/legacy)${path.replace(/\{\w+\}/g, '[^/]+')}$`, 'i'),
  }));
}

function toCall({ request, response }: Entry) {
  return {
    method: request.method,
    headers: {},
    body: readBody(request.postData),
    status: response.status === 0 ? null : response.status,
    answer: readBody(response.content),
    startedAt: 0,
    durationMs: 0,
  };
}

/** JSON, a form's fields, or the text as it is. */
function readBody(body: { mimeType: string; text?: string | undefined } | undefined): unknown {
  if (body?.text === undefined || body.text === '') return undefined;
  if (body.mimeType.includes('json')) return JSON.parse(body.text);
  if (body.mimeType.includes('form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body.text));
  return body.text;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { calls, faults } = checkHar(
    JSON.parse(readFileSync(process.argv[2] ?? 'calls.har', 'utf8')),
  );
  for (const fault of faults) console.error(fault);
  console.log(`${calls} calls of the API, of which ${faults.length} do not fit.`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
