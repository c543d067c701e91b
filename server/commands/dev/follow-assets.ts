import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../errors.ts';
import { followFiles, SETTLES_WITHIN_MS } from './follow-files.ts';

const FOLDERS = ['public', 'ui', 'sandbox/public'];

/**
 * Builds the stylesheets and scripts of both sites, now and whenever one of their files has changed: pages
 * name the new ones when they are loaded again. Returns what ends it.
 */
export async function followAssets(root: string, tell: (text: string) => void) {
  const script = pathToFileURL(join(root, 'scripts', 'build-assets.js')).href;
  const { buildAssets }: { buildAssets: (root: string) => Promise<void> } = await import(script);
  await buildAssets(root);
  let timer: NodeJS.Timeout | undefined;

  async function build(): Promise<void> {
    try {
      await buildAssets(root);
      tell('Styles and scripts were built: load the page again.');
    } catch (error) {
      tell(`Styles and scripts stay as they were: ${messageOf(error)}`);
    }
  }

  const end = await followFiles(
    FOLDERS.map((folder) => join(root, folder)),
    tell,
    (path) => {
      if (!/\.(?:css|js)$/.test(path)) return;
      clearTimeout(timer);
      timer = setTimeout(() => void build(), SETTLES_WITHIN_MS);
    },
  );
  return async () => {
    clearTimeout(timer);
    await end();
  };
}
