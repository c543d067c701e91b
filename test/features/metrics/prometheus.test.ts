import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { findProjectRoot } from '../../../server/config/env-file.ts';
import { readText } from '../../deploy/read-file.ts';
import { findProgram } from '../../support/process/find-program.ts';
import { openChat, type Chat } from '../../support/open-chat.ts';
import { runServer, type RunningServer } from '../../support/process/run-server.ts';
import { findFreePort } from '../../support/process/start-process.ts';
import { waitUntil } from '../../support/wait-until.ts';

const Dashboard = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
  ),
});
const queries = Dashboard.parse(
  JSON.parse(readText('docs/metrics/grafana-dashboard.json')),
).panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

const Answer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});
const Rules = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(z.object({ name: z.string(), health: z.string(), state: z.string() })),
      }),
    ),
  }),
});

const program = findProgram('prometheus');

describe.runIf(program)('a Prometheus that scrapes the app', () => {
  let chat: Chat;
  let prometheus: RunningServer;
  let url = '';

  /** What Grafana would draw now, of the last minute. */
  async function query(expr: string): Promise<number[]> {
    const filled = expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', 'shopkeeper');
    const response = await fetch(
      `${url}/api/v1/query?${new URLSearchParams({ query: filled }).toString()}`,
    );
    // While it starts it answers 503.
    if (!response.ok) return [];
    return Answer.parse(await response.json()).data.result.map(({ value }) => Number(value[1]));
  }

  beforeAll(async () => {
    chat = await openChat({ onMessage: ({ reply }) => reply('Yes?') });
    await chat.say();
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}`;
    prometheus = await runServer({
      program: program ?? '',
      args: (folder) => [
        `--config.file=${join(folder, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      files: {
        'prometheus.yaml': stringify({
          global: { scrape_interval: '500ms', evaluation_interval: '500ms' },
          rule_files: [join(findProjectRoot(), 'docs/metrics/prometheus-alerts.yaml')],
          scrape_configs: [
            {
              job_name: 'shopkeeper',
              static_configs: [{ targets: [new URL(chat.shop.url).host] }],
            },
          ],
        }),
      },
      port,
    });
    await waitUntil('the app was scraped', async () => {
      return (await query('shopkeeper_database_up')).length > 0;
    });
    // What happened before the first look is no increase.
    await chat.say('And now?');
    await waitUntil('the second answer was seen', async () => {
      const [increase = 0] = await query('increase(shopkeeper_reply_seconds_count[1m])');
      return increase > 0;
    });
  });
  afterAll(async () => {
    await prometheus.stop();
    await chat.shop.close();
  });

  it.each(queries)('has data for the panel “$title”: $expr', async ({ expr }) => {
    const values = await query(expr);
    expect(values).not.toEqual([]);
    // One operation may not have been called in the last minute, but not all of them.
    expect(values.some((value) => !Number.isNaN(value))).toBe(true);
  });

  it('evaluates every alert, and none of them fires', async () => {
    const rules = await waitUntil('every rule was evaluated', async () => {
      const { data } = Rules.parse(await (await fetch(`${url}/api/v1/rules`)).json());
      const all = data.groups.flatMap((group) => group.rules);
      return all.every(({ health }) => health !== 'unknown') ? all : undefined;
    });
    expect(rules.length).toBeGreaterThan(10);
    for (const { name, health, state } of rules)
      expect({ health, state }, name).toEqual({ health: 'ok', state: 'inactive' });
  });
});
