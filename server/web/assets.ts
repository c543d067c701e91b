import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router } from 'express';

/**
 * The files that pages need, and Pico, which our stylesheets build on, less its icons: they are data:
 * images, which the Content-Security-Policy does not let in. The one that is missed is set in
 * public/tokens.css.
 */
export function assets(root: string): Router {
  const file = join(root, 'node_modules/@anyblades/pico/css/pico.min.css');
  const css = readFileSync(file, 'utf8').replaceAll(/url\("data:[^"]*"\)/g, 'none');
  const router = Router();
  for (const folder of ['public', 'ui'])
    router.use(express.static(join(root, folder), { index: false, redirect: false }));
  router.get('/pico.css', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=86400').type('css').send(css);
  });
  return router;
}
