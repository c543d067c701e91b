import { rename, rm, realpath, writeFile } from 'node:fs/promises';
import { codeOf, messageOf, OperatorError } from '../../errors.ts';

/**
 * Replaces the file in one step, readable by its owner alone: whatever happens, either the old or the
 * new content is there. A link stays a link.
 * @throws OperatorError when it cannot be written.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(draft, content, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, target);
  } catch (error) {
    // What was there before is somebody else's.
    if (codeOf(error) !== 'EEXIST') await rm(draft, { force: true });
    throw new OperatorError(
      `${path} cannot be written, and is as it was: ${messageOf(error)}. Run this as the owner of its folder.`,
      { cause: error },
    );
  }
}
