import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { addAddress, addFrenchGroup, connect, FRENCH, pdf, upload } from './connection.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('everything survives a restart', async () => {
  const stateFile = join(await temporaryFolder(), 'deep', 'sandbox.json');
  const first = await connect({ stateFile });
  const groupId = await addFrenchGroup(first, 'regsync/example/one');
  const addressId = await addAddress(first);
  await first.control('PATCH', '/quirks', { delete_answer: 204 });
  await first.control('POST', '/faults', { kind: 'status', match: { nth: 99 } });
  await first.control('POST', '/clock', { advance_seconds: 3600 });
  await first.api('POST', `/requirement_groups/${groupId}/submit_for_approval`);
  await first.control('POST', `/groups/${groupId}/decline`, { comment: 'Not readable.' });
  const before = (await first.control('GET', '/state')).body.data;
  await first.sandbox.close();

  const second = await connect({ stateFile });
  const after = (await second.control('GET', '/state')).body.data;
  expect({ ...after, now: null }).toEqual({ ...before, now: null });
  expect(Date.parse(after.now) - Date.now()).toBeGreaterThan(3_500_000);
  const [document] = (await second.api('GET', '/documents')).body.data;
  const { body } = await second.api('GET', `/documents/${document.id}/download`);
  expect(Buffer.from(body).toString('base64')).toBe(pdf('sample'));
  expect(await addAddress(second)).toBe(String(BigInt(addressId) + 1n));
});

test('a write is on the disk when it is answered, also a failed one with a fault', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json');
  const connection = await connect({ stateFile });
  const id = await upload(connection);
  expect(await readFile(stateFile, 'utf8')).toContain(id);
  await connection.control('POST', '/faults', { kind: 'drop_after' });
  await connection
    .api('POST', '/requirement_groups', { ...FRENCH, customer_reference: 'dropped' })
    .catch(() => {});
  expect(await readFile(stateFile, 'utf8')).toContain('dropped');
});

test('reading alone leaves no file behind', async () => {
  const folder = await temporaryFolder();
  const connection = await connect({ stateFile: join(folder, 'sandbox.json') });
  await connection.api('GET', '/documents');
  await connection.sandbox.close();
  expect(await readdir(folder)).toEqual([]);
});

test('writes at the same time are all on the disk when they are answered', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json');
  const connection = await connect({ stateFile });
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const id = await upload(connection, `document ${index}`);
      expect(await readFile(stateFile, 'utf8')).toContain(id);
    }),
  );
});

test('file and folder are private, and no other file is left', async () => {
  const folder = join(await temporaryFolder(), 'state');
  const connection = await connect({ stateFile: join(folder, 'sandbox.json') });
  await upload(connection);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, 'sandbox.json'))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['sandbox.json']);
});

test.each([
  ['broken JSON', '{"format":', 'is not JSON'],
  ['another format', '{"format":"regsync-sandbox/0"}', 'is not of the format'],
  ['another shape', '{"format":"regsync-sandbox/1"}', 'is not of the format'],
])('a state file with %s is refused by name, never overwritten', async (_, content, message) => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json');
  await writeFile(stateFile, content);
  await expect(startSandbox({ stateFile })).rejects.toThrow(message);
  await expect(startSandbox({ stateFile })).rejects.toThrow(stateFile);
  expect(await readFile(stateFile, 'utf8')).toBe(content);
});
