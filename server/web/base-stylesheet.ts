import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';

/**
 * Pico, which our stylesheets build on, less its icons: they are data: images, which the
 * Content-Security-Policy does not let in. The one that is missed is set in public/tokens.css.
 */
export function createBaseStylesheet(root: string): RequestHandler {
  const file = join(root, 'node_modules/@anyblades/pico/css/pico.min.css');
  const css = readFileSync(file, 'utf8').replaceAll(/url\("data:[^"]*"\)/g, 'none');
  return (_request, response) => {
    response.set('Cache-Control', 'public, max-age=86400').type('css').send(css);
  };
}
