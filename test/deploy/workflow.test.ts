import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findProjectRoot } from '../../server/config/env-file.ts';
import { readText, readYaml } from './read-file.ts';

const Step = z.union([
  z.strictObject({
    run: z.string(),
    env: z.record(z.string(), z.string()).optional(),
    'working-directory': z.string().optional(),
  }),
  z.strictObject({
    uses: z
      .string()
      .regex(/^actions\/[a-z-]+@[0-9a-f]{40}$/, 'is not an action of the forge itself, by commit'),
    if: z.literal('${{ !matrix.image }}').optional(),
    with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
]);
const Job = z.strictObject({
  name: z.string().optional(),
  'runs-on': z.string(),
  'timeout-minutes': z.number().int().positive(),
  strategy: z
    .strictObject({
      'fail-fast': z.boolean(),
      matrix: z.strictObject({
        include: z.array(
          z.strictObject({
            node: z.number().int(),
            image: z.string().regex(/^node:[\d.]+-bookworm@sha256:[0-9a-f]{64}$/),
          }),
        ),
      }),
    })
    .optional(),
  container: z.strictObject({ image: z.string(), options: z.string() }).optional(),
  steps: z.array(Step).min(1),
});

/** The same steps on systems that .ci/run knows nothing of. */
const Platforms = Job.omit({ strategy: true, container: true }).extend({
  strategy: z.strictObject({
    'fail-fast': z.literal(false),
    matrix: z.strictObject({
      include: z.array(
        z.strictObject({ name: z.string(), runner: z.string(), image: z.string().optional() }),
      ),
    }),
  }),
  container: z.literal('${{ matrix.image }}'),
});

/** As much of the workflow syntax as is used. */
const Workflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({
    push: z.strictObject({ branches: z.array(z.string()) }),
    pull_request: z.null(),
    schedule: z.array(z.strictObject({ cron: z.string().regex(/^(\S+ ){4}\S+$/) })),
  }),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }),
  jobs: z.strictObject({ check: Job, platforms: Platforms, audit: Job }),
});

const { jobs } = Workflow.parse(readYaml('.github/workflows/ci.yml'));
const commandsOf = ({ steps }: Pick<z.infer<typeof Job>, 'steps'>) =>
  steps.flatMap((step) => ('run' in step ? [step.run] : []));

describe('the CI workflow', () => {
  it('runs the same script as everybody on every Node that is supported', () => {
    const versions = jobs.check.strategy?.matrix.include ?? [];
    expect(versions.map(({ node }) => node)).toEqual([20, 22, 24, 26]);
    for (const { node, image } of versions) expect(image).toContain(`node:${node}.`);
    expect(jobs.check.container?.image).toBe('${{ matrix.image }}');
    expect(commandsOf(jobs.check)).toEqual([
      'npm ci --ignore-scripts --no-audit --no-fund',
      'bash .ci/run',
    ]);
  });

  it('installs, tells the story and runs tests on Windows, macOS, Arm and musl', () => {
    const runners = jobs.platforms.strategy.matrix.include;
    const has = (wanted: RegExp) =>
      runners.some(({ runner, image = '' }) => wanted.test(runner + image));
    for (const wanted of [/^windows/, /^macos-\d+$/, /^macos-\d+-intel$/, /-arm$/, /alpine/])
      expect(has(wanted)).toBe(true);
    const [install, story, tests = ''] = commandsOf(jobs.platforms);
    expect([install, story]).toEqual(['npm install --no-audit --no-fund', 'node .ci/story.js']);
    const folders = tests.split(' ').slice(3);
    expect(folders.length).toBeGreaterThan(5);
    expect(folders.filter((folder) => !existsSync(join(findProjectRoot(), folder)))).toEqual([]);
  });

  it('has musl on the Node of the container', () => {
    const [, version = 'none'] = /FROM node:([\d.]+)-/.exec(readText('Dockerfile')) ?? [];
    const images = jobs.platforms.strategy.matrix.include.flatMap(({ image }) => image ?? []);
    expect(images).toEqual([expect.stringContaining(`node:${version}-alpine`)]);
  });

  it('audits and lists what production depends on', () => {
    expect(commandsOf(jobs.audit)).toEqual([
      'npm audit --omit=dev',
      'npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > sbom.json',
    ]);
  });

  it('says beside each commit of an action which version it is', () => {
    const lines = readText('.github/workflows/ci.yml').match(/uses: .*/g) ?? [];
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('checks the code out first', () => {
    for (const { steps } of Object.values(jobs))
      expect(steps[0]).toMatchObject({ uses: expect.stringMatching(/^actions\/checkout@/) });
  });
});
