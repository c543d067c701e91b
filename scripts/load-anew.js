/**
 * Imports files of the project as they are now: what `npm run dev` starts with, and loads again when something
 * was saved.
 */
import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folders } from './bundle.js';

const root = join(import.meta.dirname, '..');
const IMPORT_META = /\bimport\.meta\.(url|dirname|filename)\b/g;

let loads = 0;

/**
 * Imports a file anew, with every other one of the project that this imports. Packages stay as they were loaded
 * first: a second time they would take a second and 30 MB, which no process gives back.
 * @param path From the project's folder.
 * @throws what esbuild says of a file that it cannot read, with the line, and what a file throws itself.
 */
export async function loadAnew(path) {
  const { build } = await import('esbuild');
  loads += 1;
  // Below the project, so that packages are found from there.
  const outfile = join(root, 'dist', `dev-${process.pid}-${loads}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // Errors name the lines that people edit.
    sourcemap: 'linked',
    sourcesContent: false,
    minifyWhitespace: true,
    lineLimit: 200,
    logLevel: 'silent',
    plugins: [folders, ownPlaces],
  }).catch((failure) => {
    // It leads into esbuild; the fault is where the message says.
    failure.stack = '';
    throw failure;
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await Promise.all([rm(outfile), rm(`${outfile}.map`)]);
  }
}

/** What looks for files beside its own finds them there, and not beside what was made of it. */
const ownPlaces = {
  name: 'own places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const places = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      const text = await readFile(path, 'utf8');
      const contents = text.replace(IMPORT_META, (_, name) => JSON.stringify(places[name]));
      return { contents, loader: 'ts' };
    });
  },
};
