import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findProjectRoot } from '../../../server/config/env-file.ts';

export const root = findProjectRoot();

/** A page of the documentation; the path is relative to the project, with forward slashes. */
export interface Page {
  path: string;
  text: string;
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');
export const readPage = (path: string): Page => ({ path, text: readText(path) });

/** The files of a folder and of the folders in it. */
export function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => statSync(join(root, path)).isFile())
    .toSorted();
}

const OUTSIDE = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'sandbox/README.md',
];

/** Everything in docs/, and the pages that code hosts look for elsewhere. */
export function readPages(): Page[] {
  const inDocs = listFiles('docs').filter((path) => path.endsWith('.md'));
  return [...OUTSIDE, ...inDocs].map(readPage);
}
