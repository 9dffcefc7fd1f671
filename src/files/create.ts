import { open } from 'node:fs/promises';

/**
 * Writes a file that does not exist yet, and returns when it is on the disk.
 *
 * @param mode the mode before the umask.
 * @throws EEXIST if something has that name, also a link that leads nowhere.
 */
export async function createFile(path: string, content: Uint8Array | string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
