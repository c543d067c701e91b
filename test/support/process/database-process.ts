import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { compiledProgram } from './compiled-copy.ts';

/** Opens the folder it is given and waits to be killed. */
const buildProgram = (openSqlite: string) => `
  import { openSqlite } from '${pathToFileURL(openSqlite).href}';
  const said = await openSqlite(process.argv[1]).then(() => 'opened', ({ message }) => message);
  console.log(said);
  setInterval(() => {}, 60_000);`;

/** Another process that opens the folder; `report` is `opened`, or why it could not. */
export async function startDatabaseProcess(dataDir: string) {
  const program = buildProgram(compiledProgram('features/sqlite/open.js'));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await once(child.stdout, 'data');
  return {
    report: String(output).trim(),
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
