import { afterEach, describe, expect, it, vi } from 'vitest';
import { findProgram } from '../support/process/find-program.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('a server that tests run against', () => {
  it('is found in the path', () => {
    expect(findProgram('sh')).toMatch(/^\/.*\/sh$/);
  });

  it('is missed with a sentence that says how to get it', () => {
    vi.stubEnv('CI', '');
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(findProgram('no-such-server', 'a-package')).toBeUndefined();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('`apt-get install a-package`'));
  });

  it('is an error to miss in CI', () => {
    vi.stubEnv('CI', 'true');
    expect(() => findProgram('no-such-server')).toThrow(/apt-get install no-such-server/);
  });
});
