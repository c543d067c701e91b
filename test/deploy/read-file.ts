import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findProjectRoot } from '../../server/config/env-file.ts';

/** A file of the project, by its path from the root. */
export const readText = (path: string): string =>
  readFileSync(join(findProjectRoot(), path), 'utf8');

/** The same, parsed; duplicate keys and unknown anchors are errors. */
export const readYaml = (path: string): unknown => parse(readText(path), { merge: true });

/** Every variable of `.env.example`. */
export const KNOWN_VARIABLES = new Set(
  [...readText('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name),
);
