import { describe, expect, it } from 'vitest';
import { findDefinition } from '../../../server/features/timeline/find-definition.ts';

const SOURCE = `import { z } from 'zod';

interface Calls {
  list(): Promise<string>;
}

/** Not send( itself. */
export function create(options: {
  now: number;
}) {
  send(options);

  return {
    list: () =>
      call({
        path,
      }),
    async send(to: string) {
      await call(to);
    },
  };
}

export const onMessage: OnMessage = async () => {};

class LostError extends Error {
  constructor() {
    super();
  }
}
`;
const lines = SOURCE.split('\n');

describe('finding a definition', () => {
  it.each([
    ['create', 'export function create(options: {', '}'],
    ['list', '    list: () =>', '      }),'],
    ['send', '    async send(to: string) {', '    },'],
    ['onMessage', 'export const onMessage: OnMessage = async () => {};', undefined],
    ['LostError', 'class LostError extends Error {', '}'],
  ])('finds where %s begins and ends', (name, first, last) => {
    const found = findDefinition(SOURCE, name);
    expect(lines[(found?.first ?? 0) - 1]).toBe(first);
    expect(lines[(found?.last ?? 0) - 1]).toBe(last ?? first);
  });

  it.each(['sen', 'Calls2', 'path', 'super'])('finds nothing for %s', (name) => {
    expect(findDefinition(SOURCE, name)).toBeUndefined();
  });
});
