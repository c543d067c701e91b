import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where `.ci/run` puts what it does not want to install: servers, and packages that nothing here needs. */
export const provingGround =
  process.env['PROVING_GROUND'] ?? join(tmpdir(), 'shopkeeper-proving-ground');

const FOLDERS = [
  ...['usr/sbin', 'usr/bin'].map((folder) => join(provingGround, folder)),
  ...(process.env['PATH'] ?? '').split(delimiter),
  // Where Debian puts servers; seldom in the path of those who are not root.
  '/usr/sbin',
];

/**
 * Returns the path of a real server that tests run against; undefined on a machine without it, where
 * those tests are skipped.
 * @param packageName The Debian package that has it.
 * @throws Error in CI, which skips nothing.
 */
export function findProgram(name: string, packageName = name): string | undefined {
  const path = FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
  if (path !== undefined) return path;
  const remedy = `run \`apt-get install ${packageName}\`, or set PROVING_GROUND to a folder that \`apt-get download ${packageName}\` and \`dpkg -x\` filled`;
  if (process.env['CI']) throw new Error(`${name} was not found, and CI skips nothing: ${remedy}.`);
  console.warn(`Skipping the tests with a real ${name}: ${remedy}.`);
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
