import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneProject, type Clone } from '../support/process/clone-project.ts';
import { findFreePort, startProcess } from '../support/process/start-process.ts';
import { waitUntil } from '../support/wait-until.ts';

const NOBODY = 65_534;

let clone: Clone;
beforeEach(() => {
  clone = cloneProject();
});
afterEach(() => clone.remove());

describe('an .env that the app’s user may not read', () => {
  // Permissions do not hold root back, who runs the tests in a container.
  const asRoot = process.getuid?.() === 0;

  it.each(['main.js', 'commands/doctor.js', 'commands/setup.js'])(
    'ends %s with a sentence that names the file and what is missing',
    (program) => {
      writeFileSync(clone.envFile, 'PORT=http\n');
      chmodSync(clone.envFile, asRoot ? 0o600 : 0o000);
      if (asRoot) {
        chownSync(clone.envFile, 0, 0);
        chmodSync(clone.folder, 0o755);
      }
      const args = [join(clone.folder, 'dist/server', program)];
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        program.endsWith('setup.js') ? [...args, '--yes'] : args,
        {
          encoding: 'utf8',
          env: { NODE_ENV: 'production' },
          ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
        },
      );
      expect(status).toBe(1);
      expect(stdout + stderr).toContain(`${clone.envFile} cannot be read (EACCES)`);
      expect(stdout + stderr).toContain('the right to read it');
      expect(stdout + stderr).not.toContain('    at ');
    },
  );
});

it('a secret’s file is looked for beside the .env that names it, wherever the command was started', () => {
  writeFileSync(join(clone.folder, 'session'), 's'.repeat(32));
  writeFileSync(clone.envFile, 'SESSION_SECRETS_FILE=./session\n');
  const doctor = join(clone.folder, 'dist/server/commands/doctor.js');
  const { stdout } = spawnSync(process.execPath, [doctor], { encoding: 'utf8', cwd: '/', env: {} });
  expect(stdout).toContain('Every variable is there and well formed.');
});

it('an .env from Windows is read, and a name in it that is misspelt is told at the start', async () => {
  const [port, sandboxPort] = [await findFreePort(), await findFreePort()];
  const lines = [
    '\ufeffDATBASE_URL=postgres://shop:hidden@db/shop',
    'PORT=1',
    `export PORT="${port}"  `,
    `SANDBOX_PORT = '${sandboxPort}' # of the stand-in`,
  ];
  writeFileSync(clone.envFile, lines.join('\r\n'));
  const app = startProcess({ LOG_LEVEL: 'info' }, join(clone.folder, 'dist/server/main.js'));
  await waitUntil('it is ready', () => app.output().includes(`ready: http://localhost:${port}"`));
  expect(app.output()).toContain(`"http://localhost:${sandboxPort}"`);
  expect(app.output()).toContain('"The app does not read DATBASE_URL: is DATABASE_URL meant?"');
  expect(app.output()).not.toContain('hidden');
  expect(await app.end('SIGTERM')).toBe(0);
});
