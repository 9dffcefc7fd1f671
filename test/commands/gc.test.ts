import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { germanGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

let stage: Rehearsal;
beforeEach(async () => {
  stage = await rehearse({ 'groups/de.yaml': germanGroup() });
  expect((await stage.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(() => stage.end());

/** Another address and another document than before; the old ones are left behind. */
async function moveHouse(): Promise<void> {
  const moved = germanGroup()
    .replace('Musterstraße 1', 'Musterstraße 2')
    .replaceAll('registration.pdf', 'local-address-proof.pdf');
  await stage.write('groups/de.yaml', moved);
  expect((await stage.run(['apply', '--yes'])).code).toBe(0);
}

async function listed(): Promise<readonly { kind: string; reference: string }[]> {
  return JSON.parse((await stage.run(['gc', '--format', 'json'])).out).garbage;
}

describe('gc', () => {
  it('finds nothing while groups hold everything', async () => {
    const { code, out } = await stage.run(['gc']);
    expect(code).toBe(0);
    expect(out).toContain('Nothing to delete');
  });

  it('lists without deleting, and with --yes deletes what nothing refers to', async () => {
    await moveHouse();
    await stage.control('clock', { advance_seconds: 29 * 60 });
    expect(await listed()).toEqual([]);
    await stage.control('clock', { advance_seconds: 60 });
    await stage.forgetRequests();
    expect((await listed()).map(({ kind }) => kind)).toContain('Address');
    expect((await stage.requests()).every(({ method }) => method === 'GET')).toBe(true);

    const { code, out } = await stage.run(['gc', '--yes']);
    expect(code).toBe(0);
    expect(out).toContain('0 failed');
    expect((await stage.state()).addresses).toHaveLength(1);
    expect((await stage.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    expect(await listed()).toEqual([]);
  });

  it('keeps what a manifest wants, and what is not of the scope', async () => {
    await stage.write('groups/de.yaml', germanGroup({ name: 'other' }));
    const [group] = (await stage.state()).groups;
    const answer = await fetch(`${stage.sandbox.url}/requirement_groups/${group?.id}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer KEYsample' },
    });
    expect(answer.status).toBe(200);
    await stage.control('clock', { advance_seconds: 1200 });
    const before = await stage.state();
    expect((await stage.run(['gc', '--yes'])).code).toBe(0);
    expect((await stage.state()).addresses).toEqual(before.addresses);
  });

  it('reports what Telnyx will not delete, and goes on with the rest', async () => {
    await moveHouse();
    await stage.control('clock', { advance_seconds: 3600 });
    await stage.control('faults', { kind: 'status', status: 422, body: 'json', match: { method: 'DELETE' } });
    const { code, out } = await stage.run(['gc', '--yes']);
    expect(code).toBe(4);
    expect(out).toContain('1 failed');
  });
});
