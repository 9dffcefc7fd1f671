import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import {
  addAddress,
  addFrenchGroup,
  connect,
  FRENCH,
  IDENTITY_CHECK,
  PARIS_NUMBER,
  pdf,
  placeOrder,
  subOrderOf,
  upload,
} from './connection.ts';

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

test('orders survive a restart, in the middle of whatever they wait for', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json');
  const first = await connect({ stateFile });
  await first.control('PATCH', '/quirks', { order_fill_delay_seconds: 3600 });
  await first.control('POST', '/searched-numbers', { phone_numbers: [PARIS_NUMBER] });
  const group = await addFrenchGroup(first);
  const orderId = await placeOrder(first, [{ number: PARIS_NUMBER, group }]);
  await first.control('POST', '/porting_orders', { status: 'exception', customer_reference: 'port' });
  const before = (await first.control('GET', '/state')).body.data;
  await first.sandbox.close();

  const second = await connect({ stateFile });
  const after = (await second.control('GET', '/state')).body.data;
  expect({ ...after, now: null }).toEqual({ ...before, now: null });
  expect(after).toMatchObject({
    number_orders: [{ id: orderId }],
    searched_numbers: [PARIS_NUMBER],
    porting_orders: [{ status: 'exception' }],
  });
  await second.control('POST', '/clock', { advance_seconds: 3600 });
  expect((await subOrderOf(second, orderId)).phone_numbers).toMatchObject([
    { requirements_status: 'requirement-info-under-review' },
  ]);
});

test('what is said and done about orders survives a restart', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json');
  const first = await connect({ stateFile });
  await first.api('POST', '/advanced_orders', { country_code: 'FR' });
  const { id } = (await first.control('POST', '/porting_orders')).body.data;
  await first.api('POST', `/porting_orders/${id}/comments`, { body: 'When?' });
  await first.control('POST', `/porting_orders/${id}/demand-action`);
  const orderId = await placeOrder(first, [{ number: '+61700000001' }]);
  const subOrder = await subOrderOf(first, orderId);
  await first.api('POST', `/external_requirements/${IDENTITY_CHECK}/sub_number_orders/${subOrder.id}`, {
    requirement: { first_name: 'Jo', last_name: 'Example' },
  });
  const before = (await first.control('GET', '/state')).body.data;
  await first.sandbox.close();

  const second = await connect({ stateFile });
  const after = (await second.control('GET', '/state')).body.data;
  expect({ ...after, now: null }).toEqual({ ...before, now: null });
  expect(after).toMatchObject({
    advanced_orders: [{ country_code: 'FR' }],
    porting_comments: [{ body: 'When?' }],
    porting_actions: [{ porting_order_id: id, status: 'created' }],
    sub_order_actions: [{ sub_order_id: subOrder.id, first_name: 'Jo' }],
  });
});

test('a file from before there were orders is loaded, and orders are placed in it', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json');
  const first = await connect({ stateFile });
  const group = await addFrenchGroup(first, 'regsync/example/one');
  await first.control('PATCH', '/quirks', { delete_answer: 204 });
  await first.sandbox.close();
  const saved = JSON.parse(await readFile(stateFile, 'utf8'));
  const later = [
    ...['numberOrders', 'subNumberOrders', 'orderedNumbers', 'searchedNumbers', 'portingOrders'],
    ...['portingComments', 'portingActions', 'subOrderActions', 'advancedOrders'],
  ];
  for (const name of later) delete saved[name];
  saved.quirks = { delete_answer: 204, list_lag_ms: 0, ignore_paging: [], scan_delay_seconds: 0 };
  await writeFile(stateFile, JSON.stringify(saved));

  const second = await connect({ stateFile });
  expect((await second.api('GET', `/requirement_groups/${group}`)).status).toBe(200);
  const orderId = await placeOrder(second, [{ number: PARIS_NUMBER, group }]);
  expect(await subOrderOf(second, orderId)).toMatchObject({ status: 'pending' });
  expect((await second.control('GET', '/quirks')).body.data).toMatchObject({
    delete_answer: 204,
    order_deadline_days: 30,
  });
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

test('what could not be saved is shown to nobody until it could be', async () => {
  const folder = join(await temporaryFolder(), 'state');
  const stateFile = join(folder, 'sandbox.json');
  const connection = await connect({ stateFile });
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file');
  const group = { ...FRENCH, customer_reference: 'kept' };
  const refused = await connection.api('POST', '/requirement_groups', group);
  expect(refused.status).toBe(500);
  expect(refused.body.errors[0].detail).toContain(
    `${stateFile} cannot be written: a file is in the place of its folder`,
  );
  expect((await connection.api('GET', '/requirement_groups')).status).toBe(500);
  expect((await connection.control('GET', '/state')).status).toBe(500);

  await rm(folder);
  const { body } = await connection.api('GET', '/requirement_groups');
  expect(body.data).toMatchObject([{ customer_reference: 'kept' }]);
  expect(await readFile(stateFile, 'utf8')).toContain('kept');
});

test('its end says what could not be saved', async () => {
  const folder = join(await temporaryFolder(), 'state');
  const connection = await connect({ stateFile: join(folder, 'sandbox.json') });
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file');
  await connection.api('POST', '/requirement_groups', FRENCH);
  await expect(connection.sandbox.close()).rejects.toThrow('sandbox.json cannot be written');
});

test('a state that could not be saved is refused at once, but not to whoever only reads', async () => {
  const folder = join(await temporaryFolder(), 'state');
  const stateFile = join(folder, 'sandbox.json');
  await symlink('nowhere', folder);
  await expect(startSandbox({ stateFile })).rejects.toThrow(
    `${stateFile} cannot be written: its folder does not exist`,
  );
  const connection = await connect({ stateFile, access: 'read' });
  expect((await connection.api('GET', '/requirement_groups')).status).toBe(200);
});

test('a count of faults that cannot be saved keeps nothing from whoever only reads', async () => {
  const folder = join(await temporaryFolder(), 'state');
  const stateFile = join(folder, 'sandbox.json');
  const first = await connect({ stateFile });
  await first.control('POST', '/faults', { kind: 'status', match: { path: 'addresses' } });
  await first.sandbox.close();
  const connection = await connect({ stateFile, access: 'read' });
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file');
  for (const _ of [1, 2]) expect((await connection.api('GET', '/documents')).status).toBe(200);
  await connection.sandbox.close();
});

test('nothing is written through a link that stands where the state is written first', async () => {
  const folder = await temporaryFolder();
  const stateFile = join(folder, 'sandbox.json');
  const elsewhere = join(await temporaryFolder(), 'precious');
  await writeFile(elsewhere, 'precious');
  await symlink(elsewhere, `${stateFile}.${process.pid}.tmp`);
  await upload(await connect({ stateFile }));
  expect(await readFile(elsewhere, 'utf8')).toBe('precious');
  expect(await readdir(folder)).toEqual(['sandbox.json']);
});

test('a file whose orders have another shape is refused by name, never overwritten', async () => {
  const stateFile = join(await temporaryFolder(), 'sandbox.json');
  const connection = await connect({ stateFile });
  await upload(connection);
  await connection.sandbox.close();
  const content = JSON.stringify({ ...JSON.parse(await readFile(stateFile, 'utf8')), portingOrders: {} });
  await writeFile(stateFile, content);
  await expect(startSandbox({ stateFile })).rejects.toThrow('is not of the format');
  expect(await readFile(stateFile, 'utf8')).toBe(content);
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
