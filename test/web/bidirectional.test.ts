import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../server/config/env-file.ts';

/** What people named or wrote, by the end of the expression that a template prints. */
const WORDS_OF_PEOPLE =
  /(?:^|\.)(?:text|title|preview|topic|displayName|altText|description|shortDescription|about|note|payload)$|(?:account|app|app\.details|bot\.details|card|client|connection|control|details|enterprise|holder|installation|need\.connection|option|ownAccount|person|preview|speaker|user)\.(?:name|connectedAs|reason)$|(?:userName|usedInstead)$/i;

/** Ends that look like people's words and are ours. */
const OURS = new Set([
  'problem.title',
  'section.title',
  'step.documentation.title',
  // Faults, described by the sandbox; and the text of a state.
  'one.text',
  'text',
  'title',
  // Only ever included by the templates that are looked at here.
  'part.text',
  'problem.wayOut.text',
]);
/** The titles of tabs, and the links that features have at the foot of pages. */
const OURS_THERE = new Set(['portal/manage.ejs: one.title', 'partials/footer.ejs: link.text']);
/** Where an output of that kind is in a place that no element can be put into. */
const CANNOT_HOLD_ELEMENTS = new Set(['title', 'script', 'style']);
const VOID = new Set(['br', 'hr', 'img', 'input', 'link', 'meta', 'path', 'rect', 'wbr']);

/** Every expression printed as text, with the elements around it, the innermost last. */
function* findOutputs(template: string) {
  const stack: { name: string; attributes: string }[] = [];
  const parts = template
    .replaceAll(/<%(?![=-])[\s\S]*?%>/g, '')
    .matchAll(/<%[=-]\s*([\s\S]*?)\s*-?%>|<(\/?)([a-z][\w-]*)((?:<%[\s\S]*?%>|[^<>])*)>/g);
  for (const [, expression, closing, name = '', attributes = ''] of parts) {
    if (expression !== undefined) yield { expression, around: [...stack] };
    else if (closing) {
      const at = stack.findLastIndex((one) => one.name === name);
      if (at >= 0) stack.splice(at);
    } else if (!VOID.has(name)) stack.push({ name, attributes });
  }
}

/** The members that an expression prints one of, without the words that stand in for a missing one. */
const alternativesOf = (expression: string) =>
  expression.split(/\?\?|\|\||[?:]/).map((part) => part.trim().replace(/^\w+ === .*/, ''));

function listBare(template: string): string[] {
  return [...findOutputs(template)].flatMap(({ expression, around }) => {
    const isIsolated = around.some(
      ({ name, attributes }) => name === 'bdi' || attributes.includes('dir="auto"'),
    );
    if (isIsolated || around.some(({ name }) => CANNOT_HOLD_ELEMENTS.has(name))) return [];
    const isInitial = expression.startsWith('initialOf(');
    const isTheirs =
      /^include\('[./]*(?:partials\/)?text'/.test(expression) ||
      alternativesOf(expression).some((part) => WORDS_OF_PEOPLE.test(part) && !OURS.has(part));
    if (isInitial) return [];
    return isTheirs ? [expression] : [];
  });
}

describe.each(['views', 'sandbox/views'])('the templates in %s', (folder) => {
  it('let what people wrote set its own direction', async () => {
    const root = join(findProjectRoot(), folder);
    const files = (await readdir(root, { recursive: true })).filter((name) =>
      name.endsWith('.ejs'),
    );
    expect(files.length).toBeGreaterThan(30);
    const bare = await Promise.all(
      files.map(async (file) =>
        listBare(await readFile(join(root, file), 'utf8')).map((found) => `${file}: ${found}`),
      ),
    );
    expect(bare.flat().filter((found) => !OURS_THERE.has(found))).toEqual([]);
  });
});

it.each([
  ['<p><%= message.content.text %></p>', true],
  ['<p>From <%= person.name %></p>', true],
  ['<p><%= card.title ?? "none" %></p>', true],
  ["<p><%- include('../../partials/text', { text }) %></p>", true],
  ['<p dir="auto"><%- include(\'text\', { text }) %></p>', false],
  ['<p dir="auto"><%= card.title %></p>', false],
  ['<p dir="auto"><span><%= card.title %></span></p>', false],
  ['<p dir="auto"></p><p><%= card.title %></p>', true],
  ['<p>From <bdi><%= person.name %></bdi></p>', false],
  ['<a title="<%= card.title %>"></a>', false],
  ['<p><%= problem.title %></p>', false],
])('of %s it is seen whether words are bare: %s', (template, isBare) => {
  expect(listBare(template).length > 0).toBe(isBare);
});
