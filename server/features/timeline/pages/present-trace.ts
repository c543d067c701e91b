import { parseJson } from '../../../parse-json.ts';
import { catalogue } from '../steps/catalogue.ts';
import { documentationOf, type CatalogueEntry } from '../steps/documentation.ts';
import { toJsonRows } from './json-rows.ts';
import { spellDuration } from '../../shared/spell-duration.ts';
import { showMasks } from '../secrets.ts';
import { toCurl } from '../to-curl.ts';
import type { Body, Call, Step, Trace } from '../traces.ts';

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
      after: spellDuration(step.at - begun),
    })),
  };
}

function presentStep({ key, values, call }: Step, hasSources: boolean) {
  // A call that the catalogue does not have yet is still a call.
  const entry = entries.get(key);
  const shown = call === null ? null : presentCall(call, key === 'EventWebhooks');
  const isFailure = key === 'attempt-failed' || values['state'] === 'failed' || shown?.failed;
  return {
    sentence: entry === undefined ? `Zendesk was called: ${key}.` : fill(entry.sentence, values),
    tone: isFailure ? 'step-bad' : '',
    place: values['place'] ?? null,
    excerpt: presentExcerpt(values),
    source: entry === undefined ? null : presentSource(entry, hasSources),
    documentation: documentationOf(key, entry?.guide),
    call: shown,
  };
}

/** The lines around the one that threw, as failure.ts stored them. */
function presentExcerpt({ excerpt, first, line }: Step['values']) {
  if (excerpt === undefined || first === undefined) return null;
  return String(excerpt)
    .split('\n')
    .map((text, index) => {
      const number = Number(first) + index;
      return { number, text, isIt: number === line };
    });
}

function presentSource({ file, functionName }: CatalogueEntry, hasSources: boolean) {
  const href = hasSources ? `/source/${file}?function=${functionName}#function` : null;
  return { file, functionName, href };
}

function fill(sentence: string, values: Step['values']): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '…'));
}

/** `isDelivery`: they called us. */
function presentCall(call: Call, isDelivery: boolean) {
  const labels = isDelivery ? ['Received', 'Answered'] : ['Sent', 'Received'];
  return {
    method: call.method,
    url: showMasks(call.url),
    outcome: describeOutcome(call),
    failed: call.status !== null && call.status >= 400,
    parts: [
      { label: labels[0], ...presentMessage(call.requestHeaders, call.requestBody) },
      { label: labels[1], ...presentMessage(call.responseHeaders, call.responseBody) },
    ],
    curl: toCurl(call),
  };
}

function describeOutcome({ status, durationMs }: Call): string {
  if (status === null && durationMs === null) return 'in the browser';
  const answer = status === null ? 'no answer' : String(status);
  return durationMs === null ? answer : `${answer} · ${spellDuration(durationMs)}`;
}

function presentMessage(headers: Record<string, string>, body: Body | null) {
  const lines = Object.entries(headers).map(([name, value]) => `${spellName(name)}: ${value}`);
  const text = showMasks(body === null ? '' : body.cut ? `${body.text}…` : body.text);
  const parsed = body === null || body.cut ? undefined : parseJson(text);
  return {
    headers: showMasks(lines.join('\n')),
    body: text,
    json: parsed === undefined ? null : toJsonRows(parsed),
  };
}

/** In one case, whoever wrote them: fetch has them in lower case. */
const spellName = (name: string): string =>
  name.replaceAll(/(?<![a-z])[a-z]/gi, (letter) => letter.toUpperCase());
