import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readText, readYaml } from '../../deploy/read-file.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { readMetrics } from '../../support/read-metrics.ts';

const Dashboard = z.object({
  uid: z.literal('shopkeeper'),
  panels: z
    .array(
      z.object({
        id: z.number(),
        title: z.string(),
        gridPos: z.object({ h: z.number(), w: z.number(), x: z.number(), y: z.number() }),
        targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).min(1),
      }),
    )
    .min(10),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
});
const Alerts = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^(?:[A-Z][a-z]+){2}/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+m$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
});

const dashboard = Dashboard.parse(JSON.parse(readText('docs/metrics/grafana-dashboard.json')));
const rules = Alerts.parse(readYaml('docs/metrics/prometheus-alerts.yaml')).groups.flatMap(
  (g) => g.rules,
);
const drawn = dashboard.panels.flatMap((panel) => panel.targets);

/** With the one that Prometheus makes of every scrape. */
const METRIC = /\b(?:shopkeeper|process|nodejs)_\w+|\bup\b/g;
const namesIn = (expression: string) => expression.match(METRIC) ?? [];
/** Labels that a query groups or selects by, but for those that Prometheus adds itself. */
const labelsIn = (expression: string) =>
  [
    ...[...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, */)),
    ...[...expression.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label),
  ].filter((label) => label !== 'job');

let chat: Chat;
let metrics: Awaited<ReturnType<typeof readMetrics>>;
beforeAll(async () => {
  chat = await openChat({ onMessage: ({ reply }) => reply('Yes?') });
  await chat.say();
  metrics = await readMetrics(chat.shop.url);
});
afterAll(() => chat.shop.close());

function expectReal(expression: string): void {
  const names = namesIn(expression);
  expect(names, expression).not.toEqual([]);
  for (const name of names) expect([...metrics.names, 'up'], expression).toContain(name);
}

describe('the dashboard', () => {
  it.each(drawn.map(({ expr }) => expr))('draws what is measured: %s', expectReal);

  it('shows every metric of the app', () => {
    const shown = new Set(drawn.flatMap(({ expr }) => namesIn(expr)));
    const ours = [...metrics.text.matchAll(/^# TYPE (shopkeeper_\S+)/gm)].map(([, name]) => name);
    expect(ours.length).toBeGreaterThan(8);
    for (const name of ours)
      expect(
        [...shown].some((used) => used.replace(/_bucket$/, '') === name),
        name,
      ).toBe(true);
  });

  it('gives every panel a place of its own', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos: a, id } of panels) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      const overlaps = panels.filter(
        ({ id: other, gridPos: b }) =>
          other !== id && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h,
      );
      expect(overlaps).toEqual([]);
    }
  });
});

describe('the alerts', () => {
  it.each(rules.map(({ expr }) => expr))('watch what is measured: %s', expectReal);

  it('all begin with one name', () => {
    expect(new Set(rules.map(({ alert }) => /^[A-Z][a-z]+/.exec(alert)?.[0])).size).toBe(1);
  });

  it('are each explained in the handbook', () => {
    const handbook = readText('docs/metrics.md');
    for (const { alert } of rules) expect(handbook).toContain(`\`${alert}\``);
  });
});

describe('the queries', () => {
  const queries = [...drawn, ...rules].map(({ expr }) => expr);

  it('use labels that the metrics have', () => {
    const known = new Set(
      [...metrics.text.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label),
    );
    const used = new Set(queries.flatMap(labelsIn));
    expect(used.size).toBeGreaterThan(5);
    for (const label of used) expect(known).toContain(label);
  });

  it('have as many opening as closing brackets', () => {
    for (const query of queries)
      for (const pair of ['()', '{}', '[]'])
        expect(query.split(pair[0] ?? '').length, query).toBe(query.split(pair[1] ?? '').length);
  });
});
