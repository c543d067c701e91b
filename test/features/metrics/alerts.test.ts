import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { readYaml } from '../../deploy/read-file.ts';
import { findProgram } from '../../support/process/find-program.ts';
import { findProjectRoot } from '../../../server/config/env-file.ts';
import type { AlertCase } from './alert-series.ts';
import { CASES_OF_INSTANCES } from './cases-of-instances.ts';
import { CASES_OF_WORK } from './cases-of-work.ts';

/** Each alert with series that must, and with series that must not make it fire. */
const ALERT_CASES = [...CASES_OF_INSTANCES, ...CASES_OF_WORK];

const run = promisify(execFile);
const RULES_FILE = join(findProjectRoot(), 'docs/metrics/prometheus-alerts.yaml');
const promtool = findProgram('promtool', 'prometheus');

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          labels: z.record(z.string(), z.string()),
          annotations: z.object({ summary: z.string() }),
        }),
      ),
    }),
  ),
});
const rules = Rules.parse(readYaml('docs/metrics/prometheus-alerts.yaml')).groups.flatMap(
  (g) => g.rules,
);

/** The case as a file for `promtool test rules`. */
function toUnitTest({ alert, series, at, fires }: AlertCase): string {
  const rule = rules.find((candidate) => candidate.alert === alert);
  if (rule === undefined) throw new Error(`There is no alert ${alert}.`);
  const summaryFor = (labels: Record<string, string>) =>
    rule.annotations.summary.replaceAll(
      /\{\{ \$labels\.(\w+) \}\}/g,
      (_, label: string) => labels[label] ?? '',
    );
  return stringify({
    rule_files: [RULES_FILE],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          {
            eval_time: `${at}m`,
            alertname: alert,
            exp_alerts: fires.map((labels) => ({
              exp_labels: { ...labels, ...rule.labels },
              exp_annotations: { summary: summaryFor(labels) },
            })),
          },
        ],
      },
    ],
  });
}

describe.runIf(promtool)('the alerts, for Prometheus', () => {
  const program = promtool ?? '';
  let folder = '';
  /** What it says of each case: one run for all, because each reads the rules again. */
  let verdicts: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shopkeeper-alerts-'));
    const files = await Promise.all(
      ALERT_CASES.map(async (alertCase, index) => {
        const file = join(folder, `${index}.yaml`);
        await writeFile(file, toUnitTest(alertCase));
        return file;
      }),
    );
    const all = ['test', 'rules', ...files];
    const { stdout, stderr } = await run(program, all).catch((error: unknown) => Object(error));
    const isFine = (file: string) => String(stdout).includes(`Testing:  ${file}\n  SUCCESS\n`);
    verdicts = files.map((file) => (isFine(file) ? 'SUCCESS' : String(stderr)));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are rules that it understands', async () => {
    const { stdout } = await run(program, ['check', 'rules', RULES_FILE]);
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it('each have a case in which they fire, and one in which they do not', () => {
    for (const { alert } of rules) {
      const cases = ALERT_CASES.filter((one) => one.alert === alert);
      expect(
        cases.some(({ fires }) => fires.length > 0),
        alert,
      ).toBe(true);
      expect(
        cases.some(({ fires }) => fires.length === 0),
        alert,
      ).toBe(true);
    }
  });

  it.each(ALERT_CASES)('$alert $when', (alertCase) => {
    expect(verdicts[ALERT_CASES.indexOf(alertCase)]).toBe('SUCCESS');
  });
});
