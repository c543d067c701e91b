/**
 * Puts what was compiled, the app with its commands and the sandbox, and the packages that every start needs
 * into few files, in the place of the programs: Node takes longer to find, read and link a thousand modules than
 * to run them (docs/performance.md#start). What the bench and the tests load stays beside them as it was compiled.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { needed } from './require-node.js';

/** What operators run beside the app, below commands/. */
const COMMANDS = ['backup', 'check-health', 'doctor', 'restore', 'rotate-keys', 'setup', 'tunnel'];
/** What is started, and what the sandbox is imported by, by the names of their files below `chunks`. */
const ENTRIES = [
  ['app', 'main.js'],
  ['index', 'index.js'],
  ...COMMANDS.map((name) => [name, `commands/${name}.js`]),
];
/**
 * With all that they need, but for a binary. Any other stays where it is: it may look for its files, or never be
 * needed.
 */
const PACKAGES = new Set([
  'cookie',
  'csrf-sync',
  'ejs',
  'express',
  'express-rate-limit',
  'express-session',
  'helmet',
  'kysely',
  'libsql',
  'openid-client',
  'pino',
  'prom-client',
  'proxy-addr',
  'zod',
]);
/** Of what these need: mostly tables, which Node reads faster as JSON, or that are never read. */
const DATA = new Set(['iconv-lite', 'mime-db']);
/** Below the folder of what was compiled: everything but the programs' first lines. */
export const CHUNKS = 'chunks';

/**
 * A Node that is too old is told, where another one has built it: what it lacks would show as a stack. What Node
 * compiled of it is kept for the next start, by those versions that can, and where the folder may be written.
 * Whoever may write there may change the program as well.
 */
const startOf = (toFolder, name) => `import module from 'node:module';
const needed = '${needed.join('.')}';
const [own, least] = [process.versions.node, needed].map((one) => one.split('.').map(Number));
if (own[0] < least[0] || (own[0] === least[0] && own[1] < least[1])) {
  console.error(\`Node \${process.versions.node} is too old: install \${needed} or newer (https://nodejs.org).\`);
  process.exit(1);
}
module.enableCompileCache?.(import.meta.dirname + '/${toFolder}${CHUNKS}/compiled');
await import('./${toFolder}${CHUNKS}/${name}.js');
`;
/** Of what is imported, and not started. */
const EXPORTS = `export * from './${CHUNKS}/index.js';\n`;

/**
 * @param folder of what was compiled.
 * @returns the paths of what was written, but for those that were there.
 */
export async function bundle(folder) {
  const { build } = await import('esbuild');
  rmSync(join(folder, CHUNKS), { recursive: true, force: true });
  // Who deletes a command need not say so here.
  const entries = ENTRIES.filter(([, file]) => existsSync(join(folder, file)));
  const binary = resolve(folder, 'features/sqlite/binary.js');
  const { metafile } = await build({
    entryPoints: Object.fromEntries(entries.map(([name, file]) => [name, join(folder, file)])),
    outdir: join(folder, CHUNKS),
    chunkNames: '[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    // Names stay, and lines that can be shown: what is left out is a third of what would be read.
    minifyWhitespace: true,
    lineLimit: 200,
    metafile: true,
    // Of what libsql asks for the name of its binary.
    alias: { '@neon-rs/load': binary, 'detect-libc': binary },
    logLevel: 'warning',
    plugins: [packages, bot, folders, zod],
    // For packages that are no ES modules.
    banner: {
      js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`,
    },
  });
  for (const [name, file] of entries) {
    const toFolder = dirname(file) === '.' ? '' : '../';
    writeFileSync(join(folder, file), name === 'index' ? EXPORTS : startOf(toFolder, name));
    // Of what it was before.
    rmSync(join(folder, `${file}.map`), { force: true });
  }
  return Object.keys(metafile.outputs);
}

const packages = {
  name: 'packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      const isOurs = kind !== 'entry-point' && !importer.includes('node_modules');
      const isOutside = isOurs ? !PACKAGES.has(path) : DATA.has(path);
      return isOutside ? { path, external: true } : undefined;
    });
  },
};

/** What people edit stays files of its own: an error names them, and their lines. */
const bot = {
  name: 'bot',
  setup({ onResolve }) {
    const path = '../bot/bot.js';
    onResolve({ filter: /\/bot\/bot\.js$/ }, () => ({ path, external: true }));
  },
};

/**
 * In a bundle there is no folder to look into: what lies there now is written down instead, by the rule of the
 * file that looks.
 */
export const folders = {
  name: 'folders',
  setup({ onLoad }) {
    onLoad({ filter: /providers-folder\.[jt]s$/ }, ({ path }) => {
      const extension = extname(path);
      const entries = readdirSync(join(dirname(path), 'providers'), { withFileTypes: true });
      const files = entries.flatMap((entry) => {
        const { name } = entry;
        if (entry.isDirectory()) return [[name, `${name}/index${extension}`]];
        const isProvider = name.endsWith(extension) && !name.endsWith('.d.ts');
        return isProvider ? [[name.slice(0, -3), name]] : [];
      });
      const imports = files.map(([, file], n) => `import * as _${n} from './providers/${file}';`);
      const pairs = files.map(([name], n) => `['${name}', _${n}]`);
      return { contents: `${imports.join('\n')}\nexport const modules = [${pairs.join(', ')}];` };
    });
  },
};

/**
 * `z` is a namespace with everything in it, also the messages in forty languages. Imported as one, what
 * nobody uses of it is left out.
 */
const zod = {
  name: 'zod',
  setup({ onLoad }) {
    onLoad({ filter: /(dist.server|sandbox.dist).*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        "import { z } from 'zod';",
        "import * as z from 'zod';",
      ),
    }));
  },
};
