/**
 * Makes one stylesheet and one script of each site out of the small files in public/ and ui/, named by
 * their content, with what a server sends to browsers that can unpack it: `site-{hash}.css` and `.css.gz`.
 * A site's own files come by themselves: who deletes a feature deletes its files.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const PICO = 'node_modules/@anyblades/pico/css/pico.min.css';
const SHARED = 'ui';

/** `styles` is what all the others stand on, in this order; the rest follows by name. */
const SITES = [
  {
    folder: 'public',
    styles: ['tokens', 'base', 'frame', 'components', 'content'],
    output: 'dist/assets',
  },
  {
    folder: 'sandbox/public',
    styles: [
      'tokens',
      'base',
      'frame/frame',
      'lists',
      'controls',
      'chat/chat',
      'chat/messages',
      'composer/outbox',
      'chat/content',
      'chat/cards',
      'chat/panels',
      'composer/composer',
      'chat/typing',
      'desk',
      'ticket',
      'workspaces',
      'frame/narrow',
      'chat/narrow',
    ],
    output: 'sandbox/dist/assets',
  },
];

/** What the assets are made of, below `root`. */
export function listAssetSources(root) {
  const folders = [SHARED, ...SITES.map(({ folder }) => folder)];
  return folders.flatMap((folder) => list(root, folder, /\.(css|js)$/));
}

/** The folders that they are in when they were built. */
export function listAssetOutputs(root) {
  return findSites(root).map(({ output }) => join(root, output));
}

/** Builds what has changed; `root` is the project's folder. */
export async function buildAssets(root) {
  await Promise.all(findSites(root).map((site) => buildSite(root, site)));
}

const findSites = (root) => SITES.filter(({ folder }) => existsSync(join(root, folder)));

async function buildSite(root, { folder, styles, output }) {
  const first = styles.map((name) => `${folder}/${name}.css`);
  const own = list(root, folder, /\.css$/).filter((path) => !first.includes(path));
  const sheets = [PICO, ...list(root, SHARED, /\.css$/), ...first, ...own];
  // The shared scripts look at what a site's own ones have already done with an event.
  const scripts = [...list(root, folder, /\.js$/), ...list(root, SHARED, /\.js$/)];
  const files = await Promise.all([
    bundle(
      root,
      'css',
      sheets.map((path) => `@import ${quote(path)};`),
    ),
    bundle(
      root,
      'js',
      scripts.map((path) => `import ${quote(path)};`),
    ),
  ]);
  write(join(root, output), files);
}

const quote = (path) => JSON.stringify(`./${path}`);

/** The files below a folder whose name fits, by name, with slashes. */
function list(root, folder, pattern) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

async function bundle(root, loader, lines) {
  // What was built is served without it.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), loader, resolveDir: resolve(root), sourcefile: 'site' },
    // Else names within a script, and so its hash, are those of wherever it is built from.
    absWorkingDir: resolve(root),
    bundle: true,
    minify: true,
    // Whoever asked is told by what is thrown.
    logLevel: 'silent',
    format: 'esm',
    write: false,
    outdir: 'assets',
    entryNames: 'site-[hash]',
    plugins: [pictures],
  });
  const [{ path, contents }] = outputFiles;
  return { name: basename(path).replace(/^stdin/, 'site'), contents };
}

/**
 * Pictures have addresses of their own. Pico's are in its text, as data:, which the Content-Security-Policy of
 * the app does not let in; those that are missed are set in tokens.css.
 */
const pictures = {
  name: 'pictures',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\// }, ({ kind }) => (kind === 'url-token' ? { external: true } : null));
    onLoad({ filter: /pico\.min\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(/url\("data:[^"]*"\)/g, 'none'),
      loader: 'css',
    }));
  },
};

/** The new files are there before the old ones are gone: a page names what it finds. */
function write(folder, files) {
  mkdirSync(folder, { recursive: true });
  const present = new Set(readdirSync(folder));
  const wanted = new Set(files.flatMap(({ name }) => [name, `${name}.gz`]));
  for (const { name, contents } of files) {
    if (present.has(name)) continue;
    writeFileSync(join(folder, `${name}.gz`), gzipSync(contents, { level: 9 }));
    writeFileSync(join(folder, name), contents);
  }
  for (const name of present) if (!wanted.has(name)) rmSync(join(folder, name));
}

const isProgram = import.meta.url === pathToFileURL(process.argv[1] ?? '').href;
if (isProgram) await buildAssets(join(import.meta.dirname, '..'));
