import type { RequestHandler } from 'express';
import { expect, vi } from 'vitest';
import type { Shop } from './start-shop.ts';

/** Of a call that failed, say, whose error carries its headers. */
export const beginAndFail: RequestHandler = (_request, response) => {
  response.write('Begun, ');
  const headers = { authorization: 'Bearer hush-hush' };
  throw Object.assign(new Error('A service refused the call.'), { headers });
};

/** The answer breaks off, and the app's own log alone tells why, without what the error carries. */
export async function expectQuietEnd({ url, printed }: Shop, path: string): Promise<void> {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    await expect(fetch(`${url}${path}`).then((answer) => answer.text())).rejects.toThrow();
    expect(print.mock.calls).toEqual([]);
  } finally {
    print.mockRestore();
  }
  const log = printed.join('\n');
  expect(log).toContain('A service refused the call.');
  expect(log).not.toContain('hush-hush');
}
