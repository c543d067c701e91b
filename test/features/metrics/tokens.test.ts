import { describe, expect, it } from 'vitest';
import { bearerTokens } from '../../../server/features/metrics/index.ts';

describe('METRICS_TOKEN', () => {
  it('may hold several, newest first', () => {
    const [first, second] = ['a'.repeat(16), 'b'.repeat(20)];
    expect(bearerTokens.parse(`${first}, ${second}`)).toEqual([first, second]);
  });

  it.each(['short', `${'a'.repeat(16)},short`, 'with a space in it', ',', 'ünïcödé-ünïcödé-ü'])(
    'is refused when it is %s',
    (written) => expect(bearerTokens.safeParse(written).success).toBe(false),
  );
});
