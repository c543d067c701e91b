import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { Router } from 'express';

const root = findPackageRoot(import.meta.dirname);
const pico = dirname(createRequire(import.meta.url).resolve('@anyblades/pico'));

export const VIEWS = join(root, 'views');

/** Styles and scripts: our own, those that both sites have, and what all styles stand on. */
export function serveAssets() {
  const router = Router();
  router.use(express.static(join(root, 'public')));
  router.use(express.static(join(root, '../ui')));
  router.use('/pico.css', express.static(join(pico, '../css/pico.min.css'), { maxAge: '1d' }));
  return router;
}

/** The folder with package.json: the same one whether this runs from the source or from dist. */
function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json not found above the sandbox');
  return findPackageRoot(parent);
}
