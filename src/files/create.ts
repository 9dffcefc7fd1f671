import { open, rm } from 'node:fs/promises';

/**
 * Writes a file that does not exist yet, and returns when it is on the disk. A file that cannot be written
 * whole is removed: a half of it would be private, too, and keep the next attempt away.
 *
 * @param mode the mode before the umask.
 * @throws EEXIST if something has that name, also a link that leads nowhere.
 */
export async function createFile(path: string, content: Uint8Array | string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
}
