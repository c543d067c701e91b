import { open, realpath, rename, rm } from 'node:fs/promises';

/**
 * Replaces the file in one step, readable by its owner alone: whatever happens, either the old or the
 * new content is there. A link stays a link.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = `${target}.${process.pid}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
