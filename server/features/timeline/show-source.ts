import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { notFound } from '../../errors.ts';
import { findDefinition } from './find-definition.ts';

/** No dot but the one of `.ts`: the path cannot lead out of the folder, nor to a hidden file. */
const PATH = /^server(?:\/[a-z0-9-]+)+\.ts$/;

const Query = z.object({ function: z.string().regex(/^\w+$/).optional().catch(undefined) });

/** A file of this very app, with the lines of one function marked. In sandbox mode only. */
export function createShowSource(options: { root: string; published: boolean }): RequestHandler {
  return async (request, response) => {
    const path = request.path.slice('/source/'.length);
    if (!options.published || !PATH.test(path)) throw notFound();
    const source = await readFile(join(options.root, path), 'utf8').catch(() => {
      throw notFound();
    });
    const { function: functionName } = Query.parse(request.query);
    const marked = functionName === undefined ? undefined : findDefinition(source, functionName);
    response.render('timeline/source', {
      title: path,
      path,
      functionName: marked === undefined ? null : functionName,
      lines: source.trimEnd().split('\n'),
      marked: marked ?? { first: 0, last: 0 },
    });
  };
}
