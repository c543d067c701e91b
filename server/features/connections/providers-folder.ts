import { readdirSync } from 'node:fs';
import { extname } from 'node:path';

/** Each entry of the folder is a provider: `{name}.ts`, or `{name}/index.ts`. Compiled, there are maps beside. */
function listFiles(): [name: string, file: string][] {
  const extension = extname(import.meta.filename);
  const entries = readdirSync(new URL('providers/', import.meta.url), { withFileTypes: true });
  return entries.flatMap((entry): [string, string][] => {
    const { name } = entry;
    if (entry.isDirectory()) return [[name, `./providers/${name}/index${extension}`]];
    const isProvider = name.endsWith(extension) && !name.endsWith('.d.ts');
    return isProvider ? [[name.slice(0, -3), `./providers/${name}`]] : [];
  });
}

/** What each of them exports, by its name. In a bundle there is no folder: scripts/bundle.js writes it down. */
export const modules: readonly (readonly [name: string, module: unknown])[] = await Promise.all(
  listFiles().map(
    async ([name, file]) => [name, await import(new URL(file, import.meta.url).href)] as const,
  ),
);
