import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readYaml } from './read-file.ts';

const Step = z.union([
  z.strictObject({ run: z.string(), env: z.record(z.string(), z.string()).optional() }),
  z.strictObject({
    uses: z.string().regex(/^actions\/[a-z-]+@v\d+$/, 'is not an action of the forge itself'),
    with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
]);
const Job = z.strictObject({
  'runs-on': z.string(),
  'timeout-minutes': z.number().int().positive(),
  strategy: z
    .strictObject({
      'fail-fast': z.boolean(),
      matrix: z.strictObject({ node: z.array(z.number().int()) }),
    })
    .optional(),
  container: z.strictObject({ image: z.string(), options: z.string() }).optional(),
  steps: z.array(Step).min(1),
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
  jobs: z.strictObject({ check: Job, audit: Job }),
});

const { jobs } = Workflow.parse(readYaml('.github/workflows/ci.yml'));
const commandsOf = ({ steps }: z.infer<typeof Job>) =>
  steps.flatMap((step) => ('run' in step ? [step.run] : []));

describe('the CI workflow', () => {
  it('runs the same script as everybody on every Node that is supported', () => {
    expect(jobs.check.strategy?.matrix.node).toEqual([20, 22, 24]);
    expect(jobs.check.container?.image).toBe('node:${{ matrix.node }}-bookworm');
    expect(commandsOf(jobs.check)).toEqual(['bash .ci/run']);
  });

  it('audits and lists what production depends on', () => {
    expect(commandsOf(jobs.audit)).toEqual([
      'npm audit --omit=dev',
      'npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > sbom.json',
    ]);
  });

  it('checks the code out first', () => {
    for (const { steps } of Object.values(jobs))
      expect(steps[0]).toMatchObject({ uses: expect.stringMatching(/^actions\/checkout@/) });
  });
});
