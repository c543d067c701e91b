import { parseJson } from '../../parse-json.ts';
import { catalogue } from './catalogue.ts';
import { documentationOf, type CatalogueEntry } from './documentation.ts';
import { showMasks } from './secrets.ts';
import { toCurl } from './to-curl.ts';
import type { Body, Call, Step, Trace } from './traces.ts';

const entries = new Map<string, CatalogueEntry>(Object.entries(catalogue));

/** A trace as the pages show it; `hasSources`: with links to the pages of our own source. */
export function presentTrace({ id, kind, title, steps, at }: Trace, hasSources: boolean) {
  const begun = steps[0]?.at ?? at;
  return {
    id,
    kind,
    title,
    at,
    /** How it ended, for an event. */
    outcome: steps.find(({ key }) => key === 'event-settled')?.values['state'] ?? null,
    steps: steps.map((step) => ({
      ...presentStep(step, hasSources),
      after: describeDuration(step.at - begun),
    })),
  };
}

function describeDuration(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function presentStep({ key, values, call }: Step, hasSources: boolean) {
  // A call that the catalogue does not have yet is still a call.
  const entry = entries.get(key);
  return {
    sentence: entry === undefined ? `Zendesk was called: ${key}.` : fill(entry.sentence, values),
    source: entry === undefined ? null : presentSource(entry, hasSources),
    documentation: documentationOf(key, entry?.guide),
    call: call === null ? null : presentCall(call),
  };
}

function presentSource({ file, functionName }: CatalogueEntry, hasSources: boolean) {
  const href = hasSources ? `/source/${file}?function=${functionName}#function` : null;
  return { file, functionName, href };
}

function fill(sentence: string, values: Step['values']): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '…'));
}

function presentCall(call: Call) {
  return {
    method: call.method,
    url: showMasks(call.url),
    outcome: describeOutcome(call),
    failed: call.status !== null && call.status >= 400,
    request: presentMessage(call.requestHeaders, call.requestBody),
    answer: presentMessage(call.responseHeaders, call.responseBody),
    curl: toCurl(call),
  };
}

function describeOutcome({ status, durationMs }: Call): string {
  if (status === null && durationMs === null) return 'in the browser';
  const answer = status === null ? 'no answer' : String(status);
  return durationMs === null ? answer : `${answer} · ${describeDuration(durationMs)}`;
}

/** As it would stand on the wire, easy to read. */
function presentMessage(headers: Record<string, string>, body: Body | null): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const parts = [lines.join('\n'), body === null ? '' : presentBody(body)];
  return showMasks(parts.filter((part) => part !== '').join('\n\n'));
}

function presentBody({ text, cut }: Body): string {
  if (cut) return `${text}…`;
  const parsed = parseJson(text);
  return parsed === undefined ? text : JSON.stringify(parsed, null, 2);
}
