/** Has the builds of a folder follow each other: each deletes what another one has begun to write. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Has the number of the process that builds. */
const LOCK = 'dist/building';
const LOOK_AGAIN_MS = 100;
/** No build takes so long: another program has the number of one that was killed. */
const LONGEST_MS = 5 * 60_000;

/** Resolves when no other one is at work. From then on others wait, until this process ends. */
export async function waitForTurn() {
  mkdirSync('dist', { recursive: true });
  let isTold = false;
  while (!take()) {
    if (isLeftOver()) {
      rmSync(LOCK, { force: true });
      continue;
    }
    if (!isTold) console.error('Waiting for another build …');
    isTold = true;
    await sleep(LOOK_AGAIN_MS);
  }
  process.on('exit', () => rmSync(LOCK, { force: true }));
}

function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Of a build that was killed. */
function isLeftOver() {
  try {
    if (Date.now() - statSync(LOCK).mtimeMs > LONGEST_MS) return true;
    // Of one that writes its number at this moment, it is 0: that asks for this process itself.
    process.kill(Number(readFileSync(LOCK, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
