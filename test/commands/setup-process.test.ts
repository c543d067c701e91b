import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneProject, type Clone } from '../support/process/clone-project.ts';

let clone: Clone;
beforeEach(async () => {
  clone = cloneProject();
});
afterEach(() => clone.remove());

describe('npm run setup', () => {
  it('says how to run it without a terminal', async () => {
    const { code, stderr } = await clone.run('setup');
    expect(code).toBe(1);
    expect(stderr).toContain('npm run setup -- --yes');
    expect(existsSync(clone.envFile)).toBe(false);
  });

  it('asks nothing with --yes', async () => {
    const { code, stdout } = await clone.run('setup', ['--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('added SESSION_SECRETS, ENCRYPTION_KEYS');
    expect(existsSync(clone.envFile)).toBe(true);
  });

  it('knows its options', async () => {
    const { code, stderr } = await clone.run('setup', ['--force']);
    expect(code).toBe(1);
    expect(stderr).toContain('--force');
    expect(stderr).not.toContain('    at ');
  });
});
