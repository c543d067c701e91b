import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import express, { Router } from 'express';
import helmet from 'helmet';

/**
 * The stylesheet and the script that `npm run build` makes of public/ and ui/ (scripts/build-assets.js), and
 * pictures. Which ones they are is looked up for each page: what was built meanwhile is seen at the next one.
 */
export function createAssets(root: string) {
  const folder = join(root, 'dist', 'assets');
  const findBuilt = (kind: string) => readdirSync(folder).find((name) => name.endsWith(kind));
  const router = Router();
  router.get('/assets/:file', (request, response, next) => {
    const kind = extname(request.params.file);
    const file = kind === '.css' || kind === '.js' ? findBuilt(kind) : undefined;
    if (file === undefined) return next();
    // Of an instance with another build, in the middle of a deployment: ours is better than none.
    const isOurs = file === request.params.file;
    const isPacked = request.acceptsEncodings('gzip') !== false;
    response.type(kind).vary('Accept-Encoding');
    if (isPacked) response.set('Content-Encoding', 'gzip');
    response.set('Cache-Control', isOurs ? 'public, max-age=31536000, immutable' : 'no-store');
    response.sendFile(isPacked ? `${file}.gz` : file, { root: folder, cacheControl: false });
  });
  // Zendesk's consent page, or the sandbox's, shows it; nothing else of ours belongs on another site.
  router.get('/favicon.svg', helmet.crossOriginResourcePolicy({ policy: 'cross-origin' }));
  const pictures = express.static(join(root, 'public'), { index: false, redirect: false });
  router.use((request, response, next) => {
    // The disk is not asked for what no file is called, as no page is.
    if (extname(request.path) === '') next();
    else pictures(request, response, next);
  });
  /** Returns `/assets/site-{hash of its content}.css`, or `.js`. @throws Error where nothing was built. */
  function addressOf(kind: 'css' | 'js'): string {
    const name = findBuilt(`.${kind}`);
    if (name === undefined) throw new Error(`dist/assets has no .${kind}. Run: npm run build`);
    return `/assets/${name}`;
  }
  return { router, addressOf };
}
