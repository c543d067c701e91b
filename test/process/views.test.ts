import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyCompiled } from '../support/process/compiled-copy.ts';
import { findFreePort, startProcess } from '../support/process/start-process.ts';

it('the compiled app compiles a view once, also in sandbox mode', async () => {
  const folder = copyCompiled();
  const views = readFileSync(join(folder, 'views/home.ejs'), 'utf8');
  const original = join(folder, 'views');
  cpSync(original, `${original}-copy`, { recursive: true, dereference: true });
  rmSync(original);
  cpSync(`${original}-copy`, original, { recursive: true });
  const port = await findFreePort();
  const environment = { PORT: String(port), SANDBOX_PORT: String(await findFreePort()) };
  const app = startProcess(environment, join(folder, 'dist/server/main.js'));
  try {
    await app.ready();
    const readHome = async () => (await fetch(app.url)).text();
    const before = await readHome();
    writeFileSync(join(original, 'home.ejs'), `${views}\nsaved later`);
    expect(before).toContain('</html>');
    expect(await readHome()).not.toContain('saved later');
  } finally {
    await app.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
