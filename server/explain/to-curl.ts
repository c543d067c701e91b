import type { Call } from '../store/trace-schema.ts';
import { splitAtMasks } from './mask.ts';

/** The call as a shell command in which a variable such as `$TOKEN` stands for each secret. */
export function toCurl({ method, url, requestHeaders, requestBody }: Call): string {
  const headers = Object.entries(requestHeaders).map(
    ([name, value]) => `-H ${quote(`${name}: ${value}`)}`,
  );
  const command = method === 'GET' ? 'curl' : `curl -X ${method}`;
  return [`${command} ${quote(url)}`, ...headers, ...toData(requestBody)].join(' \\\n  ');
}

function toData(body: Call['requestBody']): string[] {
  if (body === null) return [];
  return [body.cut ? '--data @body.json' : `--data-raw ${quote(body.text)}`];
}

/** What customers wrote is in single quotes, where a shell runs nothing; only masks become variables. */
function quote(text: string): string {
  return splitAtMasks(text)
    .map((part, index) => (index % 2 === 0 ? quotePart(part) : `"$${part}"`))
    .join('');
}

function quotePart(text: string): string {
  return text === '' ? '' : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
