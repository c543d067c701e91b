import { describe, expect, it } from 'vitest';
import { host, port } from '../../server/config/values.ts';
import { problemsOf } from './support/problems-of.ts';

describe('a port', () => {
  it.each(['0', '3000', '65535'])('may be %s', (written) => {
    expect(port.parse(written)).toBe(Number(written));
  });

  it.each(['65536', '-1', '0x10', '1e3', '3000.5', 'http', '3 000'])('is not %s', (written) => {
    expect(port.safeParse(written).success).toBe(false);
  });

  it('of the app is not any free one: what is registered with it has to stay', () => {
    expect(problemsOf({ PORT: '0' })).toEqual([expect.stringContaining('PORT: must not be 0')]);
  });
});

describe('HOST', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::', '::'],
    ['[::1]', '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['localhost', 'localhost'],
    ['LocalHost', 'localhost'],
  ])('%s is kept as %s', (written, kept) => {
    expect(host.parse(written)).toBe(kept);
  });

  it.each(['http://localhost', '127.0.0.1/8', '[::1]:3000', '127.0.0.1:3000', 'a b'])(
    'is not %s',
    (written) => {
      expect(host.safeParse(written).success).toBe(false);
    },
  );
});
