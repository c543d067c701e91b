import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerPageError } from '../../src/web/answer-page-failures.ts';
import { answerError } from '../../src/zendesk/errors.ts';
import { serve } from '../../../test/support/network/serve.ts';

describe('an answer that fails when it has begun', () => {
  let close = () => {};
  afterEach(() => close());

  it.each([
    ['page', answerPageError],
    ['call', answerError],
  ])('of a %s ends there, and what the error carries is printed nowhere', async (_kind, answer) => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => {});
    const lines: string[] = [];
    // In a test Express prints nothing.
    const app = express().set('env', 'production');
    app.get('/', (_request, response) => {
      response.write('Begun, ');
      throw Object.assign(new Error('It failed.'), { token: 'hush-hush' });
    });
    app.use(answer((line) => lines.push(line)));
    const served = await serve(app);
    close = served.close;
    await expect(fetch(served.url).then((got) => got.text())).rejects.toThrow();
    expect(print.mock.calls).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/It failed\.(?!.*hush-hush)/s)]);
    print.mockRestore();
  });
});
