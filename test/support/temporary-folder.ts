import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what test files leave behind when their process is ended; it goes with the whole run. */
export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'shopkeeper-run-'));
  process.env['SHOPKEEPER_TEST_RUN'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
