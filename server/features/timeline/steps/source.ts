import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Core } from '../../../core.ts';
import { notFound } from '../../../errors.ts';

const SourceQuery = z.object({ function: z.string().regex(/^\w+$/).optional().catch(undefined) });

/** No dot but the one of `.ts`: the path cannot lead out of the folder, nor to a hidden file. */
const PATH = /^server(?:\/[a-z0-9-]+)+\.ts$/;

/** A file of this very app, with the line marked that begins a function. In sandbox mode only. */
export async function showSource(
  deps: Pick<Core, 'root'> & { hasSources: boolean },
  request: Request,
  response: Response,
): Promise<void> {
  const path = request.path.slice('/source/'.length);
  if (!deps.hasSources || !PATH.test(path)) throw notFound();
  const source = await readFile(join(deps.root, path), 'utf8').catch(() => {
    throw notFound();
  });
  const { function: name } = SourceQuery.parse(request.query);
  const lines = source.trimEnd().split('\n');
  const marked = name === undefined ? -1 : findDeclaration(lines, name);
  const functionName = marked === -1 ? null : name;
  response.render('timeline/source', { title: path, path, functionName, lines, marked });
}

/** Returns the index of the line that begins the function or method of that name; -1 when none does. */
export function findDeclaration(lines: readonly string[], name: string): number {
  const functions = [`function ${name}(`, `function ${name}<`, `const ${name}:`, `const ${name} =`];
  const methods = [` async ${name}(`, ` ${name}: (`, ` ${name}: async (`];
  return lines.findIndex(
    (line) =>
      [...functions, ...methods].some((text) => line.includes(text)) ||
      (line.includes(` ${name}(`) && line.endsWith('{')),
  );
}

type SourceDeps = Pick<Core, 'root'> & { config: Pick<Core['config'], 'sandbox'> };

/** A bot in production does not publish its source; a compiled app may have been deployed without it. */
export function findSources({ root, config }: SourceDeps): boolean {
  return config.sandbox !== null && existsSync(join(root, 'server'));
}
