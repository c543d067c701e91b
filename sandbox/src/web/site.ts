import { existsSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import express, { Router } from 'express';

const root = findPackageRoot(import.meta.dirname);
/** One stylesheet and one script, `site-{hash}.css`: scripts/build-assets.js makes them of public/ and ui/. */
const BUILT = join(root, 'dist', 'assets');

export const VIEWS = join(root, 'views');

/** Where a page finds the stylesheet or the script. @throws Error where nothing was built. */
export function addressOf(kind: 'css' | 'js'): string {
  const name = readdirSync(BUILT).find((file) => file.endsWith(`.${kind}`));
  if (name === undefined) throw new Error(`${BUILT} has no .${kind}. Run: npm run build`);
  return `/assets/${name}`;
}

/** Pictures, the stylesheet and the script. */
export function serveAssets() {
  const router = Router();
  router.get('/:file', (request, response, next) => {
    const { file } = request.params;
    const kind = extname(file);
    if ((kind !== '.css' && kind !== '.js') || !readdirSync(BUILT).includes(file)) return next();
    const isPacked = request.acceptsEncodings('gzip') !== false;
    if (isPacked) response.set('Content-Encoding', 'gzip');
    response
      .type(kind)
      .vary('Accept-Encoding')
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .sendFile(isPacked ? `${file}.gz` : file, { root: BUILT, cacheControl: false });
  });
  router.use(express.static(join(root, 'public')));
  return router;
}

/** The folder with package.json: the same one whether this runs from the source or from dist. */
function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json not found above the sandbox');
  return findPackageRoot(parent);
}
