import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan/plan.ts';
import type { StatusReport } from '../../../src/model/report/status.ts';
import { callApi, PORTING_REQUIREMENTS } from '../../support/orders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

const PORT = '7d1f3c86-0000-4000-8000-000000000001';
const FILE = 'groups/orders.yaml';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

function numberOrder(rest = '', number = '+49300000001'): string {
  return `apiVersion: regsync/v1\nkind: NumberOrder\nname: berlin\nphone_numbers:\n  - "${number}"\n${rest}`;
}

const PORTING = `apiVersion: regsync/v1\nkind: PortingOrder\nname: port\nid: ${PORT}\n`;
const WITH_GROUP = 'requirement_group: de-local\n';

async function status(...args: string[]): Promise<StatusReport> {
  const { code, out, err } = await repository.run(['status', '--format', 'json', ...args]);
  expect(code, out + err).toBe(0);
  return JSON.parse(out);
}

async function plan(expected = 0): Promise<Plan> {
  const { code, out, err } = await repository.run(['plan', '--format', 'json', '--allow-orders']);
  expect(code, out + err).toBe(expected);
  return JSON.parse(out);
}

/** What the plan says of the order to place, beside its cost. */
async function outlook(): Promise<readonly string[]> {
  const { changes } = await plan();
  return changes.find(({ kind }) => kind === 'NumberOrder')?.consequences.slice(1) ?? [];
}

async function problems(...args: string[]): Promise<string> {
  const { code, err } = await repository.run(args);
  expect(code, err).toBe(3);
  expect((await repository.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
  return err;
}

describe('status and report', () => {
  it('show an order that no group is attached to, with its state, its deadline and what it lacks', async () => {
    await repository.write(FILE, numberOrder());
    expect((await status()).orders).toMatchObject([
      { name: 'berlin', id: null, status: 'absent', standing: 'open', actions: ['create'] },
    ]);
    await repository.run(['apply', '--yes', '--allow-orders']);
    const { orders, summary } = await status();
    expect(summary).toMatchObject({ groups: 1, orders: 1 });
    expect(orders).toMatchObject([
      {
        kind: 'NumberOrder',
        name: 'berlin',
        status: 'pending',
        standing: 'needs-work',
        group: null,
        deadline: { days: 30 },
        missing: expect.arrayContaining(['Contact Info']),
        parts: [{ country_code: 'DE', phone_number_type: 'local', status: 'pending' }],
        source: { file: FILE, line: 1 },
      },
    ]);
    const { out } = await repository.run(['status']);
    expect(out).toMatch(/✗ +berlin +1 phone number +pending +5 values +\d{4}-\d\d-\d\d {2}in 30 days/);
    expect(out).toMatch(/1 order: 1 needs work\.\n$/);
    await repository.run(['report', '--out', 'page.html']);
    const page = await readFile(join(repository.folder, 'page.html'), 'utf8');
    expect(page).toContain('<h2>Orders <span class="count">1</span></h2>');
    expect(page).toContain('<p class="hint">1 order: 1 needs work.</p>');
    expect(page).toContain('<h2>Needs attention <span class="count">1</span></h2>');
    expect(page).not.toContain('+4930');
  });

  it('show an order with its group, and what a reviewer declined', async () => {
    await repository.write(FILE, numberOrder(WITH_GROUP));
    await repository.run(['apply', '--yes', '--allow-orders']);
    const [placed] = (await status()).orders ?? [];
    expect(placed).toMatchObject({ group: 'de-local', standing: 'under-way', missing: [], declined: [] });
    const [part] = placed?.parts ?? [];
    await repository.control(`sub_number_orders/${part?.id}/decline`, {
      requirement_ids: [DE_REQUIREMENTS.contact],
    });
    expect((await status()).orders).toMatchObject([
      { status: 'pending', standing: 'needs-work', declined: ['Contact Info'] },
    ]);
  });

  it('show a porting order with what it lacks, which costs one request', async () => {
    await repository.control('porting_orders', {
      id: PORT,
      phone_numbers: ['+49300000002'],
      status: 'in-process',
    });
    await repository.write(FILE, PORTING);
    await repository.forgetRequests();
    expect((await status()).orders).toMatchObject([
      {
        kind: 'PortingOrder',
        name: 'port',
        id: PORT,
        status: 'in-process',
        standing: 'needs-work',
        phone_numbers: 1,
        missing: expect.arrayContaining(['Account Number', 'Contact Info']),
      },
    ]);
    const asked = (await repository.requests()).map(({ path }) => path.split('?')[0]);
    expect(asked.filter((path) => path === `/porting_orders/${PORT}/requirements`)).toHaveLength(1);
    // A plan needs none.
    await repository.forgetRequests();
    await plan();
    const planned = (await repository.requests()).map(({ path }) => path.split('?')[0]);
    expect(planned).not.toContain(`/porting_orders/${PORT}/requirements`);
    await repository.control(`porting_orders/${PORT}/move`, { status: 'ported' });
    expect((await status()).orders).toMatchObject([{ standing: 'done', missing: [] }]);
  });

  it('have another state where an order has another', async () => {
    await repository.write(FILE, PORTING);
    await repository.control('porting_orders', {
      id: PORT,
      phone_numbers: ['+49300000002'],
      status: 'submitted',
    });
    const before = await status();
    expect((await status()).state).toBe(before.state);
    await repository.control(`porting_orders/${PORT}/move`, { status: 'ported' });
    expect((await status()).state).not.toBe(before.state);
  });
});

describe('a closed order', () => {
  it('that differs from its manifest says so at the line of the value', async () => {
    const stating = (text: string) =>
      numberOrder(`requirements:\n  - requirement: ${DE_REQUIREMENTS.contact}\n    text: ${text}\n`);
    await repository.write(FILE, stating('Jo Example'));
    await repository.run(['apply', '--yes', '--allow-orders']);
    const [order] = (await status()).orders ?? [];
    await repository.control(`sub_number_orders/${order?.parts[0]?.id}`, { status: 'success' }, 'PATCH');
    await repository.control(`number_orders/${order?.id}`, { status: 'success' }, 'PATCH');
    await repository.write(FILE, stating('Jane Example'));
    const { changes, attention } = await plan();
    expect(changes.filter(({ kind }) => kind === 'NumberOrder')).toEqual([]);
    const said = attention.filter(({ name }) => name === 'berlin');
    expect(said).toMatchObject([
      {
        code: 'order-closed',
        name: 'berlin',
        message: expect.stringMatching(/is success: it is left with what it holds for "Contact Info"/),
        source: { file: FILE, line: 8 },
      },
    ]);
    expect(JSON.stringify(attention)).not.toContain('Jane');
    expect((await status()).orders).toMatchObject([{ status: 'success', standing: 'done' }]);
  });
});

describe('the line of an order to place', () => {
  it('follows its group to approval', async () => {
    await repository.write(FILE, numberOrder(WITH_GROUP));
    expect(await outlook()).toEqual(['goes to review: this run creates the group "de-local"']);
    await repository.run(['apply', '--yes', '--target', 'de-local']);
    expect(await outlook()).toEqual(['goes to review: the group "de-local" is pending-approval']);
    await repository.control('groups/approve?reference=regsync/acme/de-local', {});
    const [caveat] = await outlook();
    expect(caveat).toMatch(/^(?:can be|is) activated at once/);
  });

  it('may be reviewed before the group is approved, and applied afterwards', async () => {
    await repository.write(FILE, numberOrder(WITH_GROUP));
    await repository.run(['apply', '--yes', '--target', 'de-local']);
    await repository.run(['plan', '--allow-orders', '--out', 'plan.json']);
    await repository.control('groups/approve?reference=regsync/acme/de-local', {});
    const { code, err } = await repository.run(['apply', '--plan', 'plan.json', '--allow-orders']);
    expect(code, err).toBe(0);
    expect((await status()).orders).toMatchObject([{ status: expect.stringMatching(/pending|success/) }]);
    expect(await repository.run(['plan', '--detailed-exitcode'])).toMatchObject({ code: 0 });
  });
});

describe('a mistake in an order', () => {
  it('is found by validate where the numbers alone show it', async () => {
    await repository.write(FILE, numberOrder(WITH_GROUP, '+33100000001'));
    expect(await problems('validate')).toMatch(/groups\/orders\.yaml:5:5.*begins with \+33.*numbers in DE/);
    await repository.write(FILE, numberOrder('', '+41100000001'));
    expect(await problems('validate')).toMatch(
      /groups\/orders\.yaml:5:5.*numbers in CH cannot be ordered without a fulfilled group/,
    );
    expect(await problems('apply', '--yes', '--allow-orders')).toContain('order-needs-fulfilled-group');
  });

  it('is found by plan where only Telnyx knows the numbers', async () => {
    await repository.control('porting_orders', {
      id: PORT,
      country_code: 'FR',
      phone_numbers: ['+33100000001'],
    });
    const group = germanGroup()
      .replace('name: de-local', 'name: de-port')
      .replace('action: ordering', 'action: porting')
      .replace(/requirements:[\s\S]*/, 'partial: true\n');
    await repository.write('groups/port.yaml', `${group}---\n${PORTING}requirement_group: de-port\n`);
    expect(await problems('plan')).toMatch(/order-mismatch.*is for \+33/);
  });

  it('is found by plan where a document or an address does not exist', async () => {
    const gone = '00000000-0000-4000-8000-00000000000d';
    const own = [
      `requirements:\n  - requirement: ${PORTING_REQUIREMENTS.letter}\n    document: { id: ${gone} }`,
      'phone_number_configuration:\n  emergency_address_id: "1000000000000000009"\n',
    ];
    await repository.control('porting_orders', { id: PORT, phone_numbers: ['+49300000002'] });
    await repository.write(FILE, `${PORTING}${own.join('\n')}`);
    const err = await problems('plan');
    expect(err).toMatch(new RegExp(`groups/orders\\.yaml:7:\\d+.*Telnyx has no document ${gone}`));
    expect(err).toMatch(/groups\/orders\.yaml:9:\d+.*Telnyx has no address 1000000000000000009/);
    const { id } = await callApi<{ id: string }>(repository, 'POST', '/documents', {
      file: btoa('%PDF-1.7\nsample'),
      filename: 'sample.pdf',
    });
    await repository.write(FILE, `${PORTING}${own[0]?.replace(gone, id)}\n`);
    expect((await plan()).changes.map(({ kind }) => kind)).toContain('PortingOrder');
  });
});

describe('status --wait', () => {
  /** 20 seconds of waiting are one. */
  const { file: program } = buildWithClocks(0.05);

  function startWaiting(...args: string[]) {
    const { child, result } = repository.start(['status', '--wait', ...args], { program });
    let heard = '';
    child.stderr?.on('data', (chunk) => (heard += chunk));
    const says = async (text: string) => {
      while (!heard.includes(text)) {
        if (child.exitCode !== null) throw new Error(`it ended without saying "${text}": ${heard}`);
        await new Promise((again) => setTimeout(again, 10));
      }
    };
    return { result, says };
  }

  beforeEach(async () => {
    await repository.write(FILE, numberOrder(WITH_GROUP));
    await repository.run(['apply', '--yes', '--allow-orders']);
  });

  const partOfOrder = async () => (await status()).orders?.[0]?.parts[0]?.id;

  it('waits for groups and for orders, and says each change', async () => {
    const part = await partOfOrder();
    const { result, says } = startWaiting();
    await says(
      'Waiting for 1 group under review (de-local) and 1 order under way (berlin), for 1 d at most.',
    );
    await repository.control('groups/approve?reference=regsync/acme/de-local', {});
    await says('UTC  de-local  pending-approval → approved\n');
    await repository.control(`sub_number_orders/${part}/approve`, {});
    const { code, out, err } = await result;
    expect(code, err).toBe(0);
    expect(err).toContain('berlin  pending → success');
    expect(out).toContain('1 group: 1 approved. 1 order: 1 done.');
  });

  it('exits 4 and names an order that a reviewer declines', async () => {
    const part = await partOfOrder();
    const { result, says } = startWaiting('--target', 'NumberOrder/*');
    await says('Waiting for 1 order under way (berlin), for 1 d at most.');
    await repository.control(`sub_number_orders/${part}/decline`, { comment: 'Please send a newer bill' });
    const { code, err } = await result;
    expect(code).toBe(4);
    expect(err).toContain('berlin  pending → pending, needs work');
    expect(err).toMatch(/not approved: berlin\n$/);
  });

  it('waits for groups alone where a target narrows it to them', async () => {
    await repository.control('groups/approve?reference=regsync/acme/de-local', {});
    const { code, err } = await startWaiting('--target', 'RequirementGroup/*').result;
    expect(code).toBe(0);
    expect(err).not.toContain('Waiting');
  });

  it('is out of time with an order that is still under way', async () => {
    await repository.control('groups/approve?reference=regsync/acme/de-local', {});
    const { code, err } = await startWaiting('--timeout', '10s').result;
    expect(code).toBe(4);
    expect(err).toMatch(/timed out after 10 s: 1 order still under way\. To wait longer, run it again\.\n$/);
  });
});
