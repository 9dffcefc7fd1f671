import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { validatePlan } from '../../../src/cli/apply/plan-validators.js';
import { armor } from '../../../src/manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../../src/manifest/encryption/recipients.ts';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import type { Plan, PlanChange } from '../../../src/model/plan/plan.ts';
import { newAgeKeyPair } from '../../support/age-keys.ts';
import { mischiefIn } from '../../support/markdown.ts';
import { callApi, PORTING_REQUIREMENTS, portingGroup, portingValuesOf } from '../../support/orders.ts';
import { actBefore } from '../../support/proxies/act-before.ts';
import { interferingProxy } from '../../support/proxies/interfering-proxy.ts';
import { openTestRepository, type Running, type TestRepository } from '../../support/test-repository.ts';

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const ID = '7d1f3c86-0000-4000-8000-000000000001';
const BERLIN = '+49300000001';
const FILE = 'groups/port.yaml';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({});
});
afterEach(() => repository.end());

/** The manifest of the order, in which `fields` begin on line 5. */
function portingOrder(fields = '', name = 'berlin-port'): string {
  return `apiVersion: regsync/v1\nkind: PortingOrder\nname: ${name}\nid: ${ID}\n${fields}`;
}

async function addOrder(fields: object = {}): Promise<void> {
  await repository.control('porting_orders', { id: ID, phone_numbers: [BERLIN], ...fields });
}

/** The order exists, and its manifest states this of it. */
async function state(fields: string, held: object = {}): Promise<void> {
  await addOrder(held);
  await repository.write(FILE, portingOrder(fields));
}

async function plan(...args: string[]): Promise<Plan> {
  const { code, out, err } = await repository.run(['plan', '--format', 'json', ...args]);
  expect(code, out + err).toBe(0);
  const made = JSON.parse(out) as Plan;
  expect(validatePlan(made), JSON.stringify(validatePlan.errors)).toBe(true);
  return made;
}

async function apply(expected = 0, ...args: string[]): Promise<Outcome[]> {
  const { code, out, err } = await repository.run(['apply', '--yes', '--format', 'json', ...args]);
  expect(code, out + err).toBe(expected);
  return JSON.parse(out).outcomes;
}

async function expectNothingLeft(): Promise<void> {
  const { code, out, err } = await repository.run(['plan', '--detailed-exitcode']);
  expect([code, out + err]).toEqual([0, expect.stringContaining('No changes.')]);
}

function orderChange({ changes }: Plan): PlanChange | undefined {
  return changes.find(({ kind }) => kind === 'PortingOrder');
}

function held(): Promise<Record<string, unknown>> {
  return callApi(repository, 'GET', `/porting_orders/${ID}`);
}

async function pinAtTelnyx(): Promise<unknown> {
  const { porting_orders: orders } = (await repository.state()) as unknown as {
    porting_orders: { settings: { end_user: { admin: { pin_passcode: unknown } } } }[];
  };
  return orders[0]?.settings.end_user.admin.pin_passcode;
}

/** What was written to the order, request by request. */
async function writes(): Promise<unknown[]> {
  const requests = await repository.requests();
  return requests.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
}

async function problems(...args: string[]): Promise<string> {
  const { code, err } = await repository.run(args);
  expect(code, err).toBe(3);
  return err;
}

/* ---- What is written ---- */

const ADDRESS = {
  business_name: 'Example GmbH',
  street_address: 'Musterstraße 1',
  locality: 'Musterstadt',
  postal_code: '10115',
  country_code: 'DE',
  validate_address: false,
};

const EVERYTHING = `customer_reference: Acct 123abc
customer_group_reference: Group-456
webhook_url: https://example.com/porting
end_user:
  admin:
    entity_name: Example GmbH
    auth_person_name: Jo Example
    billing_phone_number: "+49 30 0000001"
    account_number: "0000123456"
    tax_identifier: DE000000000
    pin_passcode: "8091"
    business_identifier: HRB 000000
  location:
    street_address: Musterstraße 1
    extended_address: Hof
    locality: Musterstadt
    administrative_area: BE
    postal_code: "10115"
    country_code: DE
misc:
  type: partial
  remaining_numbers_action: keep
  new_billing_phone_number: "+49300000002"
messaging:
  enable_messaging: true
activation_settings:
  foc_datetime_requested: "2030-01-31T12:00:00+02:00"
phone_number_configuration:
  connection_id: "1000000000000000000"
  messaging_profile_id: ${NOWHERE}
  billing_group_id: ${NOWHERE}
  emergency_address_id: "1000000000000000001"
  tags: [two, one]
user_feedback:
  user_rating: 5
  user_comment: All went well.
documents:
  loa: { file: ../documents/registration.pdf }
  invoice: { file: ../documents/local-address-proof.pdf }
requirements:
  - requirement: ${PORTING_REQUIREMENTS.contact}
    text: "Compliance desk, Example GmbH"
  - requirement: ${PORTING_REQUIREMENTS.account}
    text: "0000123456"
`;

describe('a porting order', () => {
  it('gets everything that can be edited, in one request, and then nothing is left to do', async () => {
    const { id } = await callApi<{ id: string }>(repository, 'POST', '/addresses', ADDRESS);
    await state(EVERYTHING.replace('1000000000000000001', id));
    const planned = await plan();
    const change = orderChange(planned);
    expect(change).toMatchObject({
      name: 'berlin-port',
      id: ID,
      actions: ['update'],
      source: { file: FILE, line: 1 },
      order: { verb: 'update', status: 'draft', phone_numbers: 1, group: null },
    });
    expect(change?.order?.settings).toHaveLength(28);
    expect(change?.order?.settings[0]).toEqual({
      name: 'customer_reference',
      before: null,
      after: 'Acct 123abc',
    });
    expect(change?.order?.values.map(({ name }) => name)).toEqual([
      'documents.loa',
      'documents.invoice',
      'Contact Info',
      'Account Number',
    ]);
    expect(change?.patch.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        '/customer_reference',
        '/end_user/admin/pin_passcode',
        '/documents/loa',
        `/requirements/${PORTING_REQUIREMENTS.account}`,
      ]),
    );
    expect(planned.summary).toMatchObject({
      documents: { upload: 2 },
      porting_orders: { update: 1, unchanged: 0 },
    });
    const [outcome] = await apply();
    expect(outcome).toMatchObject({ kind: 'PortingOrder', operations: ['upload', 'upload', 'patch'] });
    expect(await writes()).toHaveLength(1);
    const { documents } = await repository.state();
    expect(await held()).toMatchObject({
      customer_reference: 'Acct 123abc',
      webhook_url: 'https://example.com/porting',
      end_user: {
        admin: { entity_name: 'Example GmbH', pin_passcode: '8091' },
        location: { postal_code: '10115', country_code: 'DE' },
      },
      misc: { type: 'partial', remaining_numbers_action: 'keep', new_billing_phone_number: '+49300000002' },
      messaging: { enable_messaging: true },
      activation_settings: { foc_datetime_requested: '2030-01-31T10:00:00Z' },
      phone_number_configuration: { connection_id: '1000000000000000000', tags: ['two', 'one'] },
      user_feedback: { user_rating: 5, user_comment: 'All went well.' },
      documents: { loa: documents[0]?.id, invoice: documents[1]?.id },
    });
    expect((await portingValuesOf(repository, ID))[PORTING_REQUIREMENTS.account]?.[0]).toBe('0000123456');
    await expectNothingLeft();
  });

  it('keeps what the manifest leaves out, and is sent nothing but what differs', async () => {
    await state(
      'customer_reference: new\nend_user:\n  admin:\n    entity_name: Example GmbH\n    account_number: "1"\n',
      {
        customer_reference: 'old',
        webhook_url: 'https://example.com/porting',
        end_user: { admin: { entity_name: 'Example GmbH', pin_passcode: '8091' } },
      },
    );
    await apply();
    expect(await writes()).toEqual([
      { customer_reference: 'new', end_user: { admin: { account_number: '1' } } },
    ]);
    expect(await held()).toMatchObject({
      webhook_url: 'https://example.com/porting',
      end_user: { admin: { entity_name: 'Example GmbH', pin_passcode: '8091', account_number: '1' } },
    });
    await expectNothingLeft();
  });

  it('with a PIN that Telnyx masks is written once, and says what it cannot see from then on', async () => {
    await repository.control('quirks', { porting_pin: 'masked' }, 'PATCH');
    const withPin = (pin: string, name: string) =>
      `end_user:\n  admin:\n    entity_name: ${name}\n    pin_passcode: ${pin}\n`;
    await state(withPin('"8091"', 'Example GmbH'));
    const [outcome] = await apply();
    expect(outcome).toMatchObject({ status: 'applied', operations: ['patch'] });
    expect(await pinAtTelnyx()).toBe('8091');
    await expectNothingLeft();
    expect((await plan()).attention).toMatchObject([
      {
        code: 'order-masked',
        message: expect.stringContaining('shows end_user.admin.pin_passcode as a mask'),
        source: { file: FILE, line: 8 },
      },
    ]);
    // A new PIN alone is not seen.
    await repository.write(FILE, portingOrder(withPin('"4242"', 'Example GmbH')));
    await expectNothingLeft();
    // It goes along with anything else, as the plan shows.
    await repository.write(FILE, portingOrder(withPin('"4242"', 'Example AG')));
    expect(orderChange(await plan())?.order?.settings.map(({ name }) => name)).toEqual([
      'end_user.admin.entity_name',
      'end_user.admin.pin_passcode',
    ]);
    await apply();
    expect(await pinAtTelnyx()).toBe('4242');
    await expectNothingLeft();
    // Or in the two steps that the attention names.
    await repository.write(FILE, portingOrder(withPin('null', 'Example AG')));
    await apply();
    expect(await pinAtTelnyx()).toBeNull();
    await expectNothingLeft();
    await repository.write(FILE, portingOrder(withPin('"1111"', 'Example AG')));
    await apply();
    expect(await pinAtTelnyx()).toBe('1111');
    await expectNothingLeft();
  });

  describe('with a PIN that Telnyx never shows', () => {
    const withPin = (pin: string) => portingOrder(`end_user:\n  admin:\n    pin_passcode: "${pin}"\n`);
    function git(...args: string[]): void {
      const person = ['-c', 'user.name=Jane Roe', '-c', 'user.email=jane@example.com'];
      execFileSync('git', [...person, '-c', 'commit.gpgsign=false', ...args], {
        cwd: repository.folder,
        stdio: 'ignore',
      });
    }
    function commit(): void {
      git('add', '--all', 'groups', 'regsync.yaml');
      git('commit', '--quiet', '--message', 'As it is');
    }
    beforeEach(() => repository.control('quirks', { porting_pin: 'hidden' }, 'PATCH'));

    it('is written once, and again by a change that brings another one', async () => {
      git('init', '--quiet');
      await state('end_user:\n  admin:\n    pin_passcode: "8091"\n');
      const [outcome] = await apply();
      expect(outcome).toMatchObject({
        status: 'applied',
        operations: ['patch'],
        warnings: [expect.stringContaining('accepted the PIN and does not show it')],
      });
      expect(await pinAtTelnyx()).toBe('8091');
      commit();
      await expectNothingLeft();
      expect((await plan()).attention).toMatchObject([
        {
          code: 'order-masked',
          message: expect.stringContaining('does not show end_user.admin.pin_passcode'),
        },
      ]);
      await repository.write(FILE, withPin('4242'));
      const brought = orderChange(await plan('--out', 'plan.json'));
      expect(brought?.order?.settings.map(({ name }) => name)).toEqual(['end_user.admin.pin_passcode']);
      // The commit before the apply is the one that brings it: the reviewed plan says what to write.
      commit();
      await apply(0, '--plan', 'plan.json');
      expect(await pinAtTelnyx()).toBe('4242');
      await expectNothingLeft();
    });

    it('is written by the change that ci plan --base shows, and by its apply', async () => {
      await repository.write('base/regsync.yaml', 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
      await repository.write(`base/${FILE}`, withPin('8091'));
      const review = ['ci', 'plan', '--base', 'base', '--out', 'plan.json', '--quiet'];
      await state('end_user:\n  admin:\n    pin_passcode: "8091"\n');
      const same = await repository.run(review);
      expect(same.out, same.err).toContain('No changes');
      await repository.write(FILE, withPin('4242'));
      expect((await repository.run(review)).out).toContain('end_user.admin.pin_passcode');
      expect((await repository.run(['ci', 'apply', '--plan', 'plan.json', '--quiet'])).code).toBe(0);
      expect(await pinAtTelnyx()).toBe('4242');
    });
  });

  it('loses what the manifest states as null, at any level, and the plan says "cleared"', async () => {
    const fields = `customer_reference: null
webhook_url: ~
end_user: { admin: { pin_passcode: null, entity_name: null } }
misc: null
activation_settings: { foc_datetime_requested: null }
phone_number_configuration: { connection_id: null, tags: null }
user_feedback: { user_rating: null }
documents: { loa: null }
`;
    await state(fields, {
      customer_reference: 'old',
      webhook_url: 'https://example.com/porting',
      end_user: { admin: { pin_passcode: '8091', account_number: '1' } },
      misc: { type: 'partial', remaining_numbers_action: 'disconnect' },
      activation_settings: { foc_datetime_requested: '2030-01-31T10:00:00Z' },
      phone_number_configuration: { connection_id: '1', billing_group_id: '2', tags: ['one'] },
      user_feedback: { user_rating: 1, user_comment: 'It took long.' },
    });
    const change = orderChange(await plan());
    expect(change?.patch).toContainEqual({ op: 'remove', path: '/end_user/admin/pin_passcode' });
    const text = (await repository.run(['plan'])).out;
    expect(text).toMatch(/end_user\.admin\.pin_passcode +«[0-9a-f]{8}» → cleared/);
    await apply();
    expect(await held()).toMatchObject({
      customer_reference: null,
      webhook_url: null,
      end_user: { admin: { pin_passcode: null, account_number: '1' } },
      misc: { type: 'full', remaining_numbers_action: null },
      activation_settings: { foc_datetime_requested: null },
      phone_number_configuration: { connection_id: null, billing_group_id: '2', tags: [] },
      user_feedback: { user_rating: null, user_comment: 'It took long.' },
    });
    await expectNothingLeft();
  });

  it('takes texts from a variable, a file and what is encrypted in the manifest', async () => {
    const owner = await newAgeKeyPair();
    const lines = armor(await encryptFor([owner.recipient], Buffer.from('8091\n')));
    await repository.write('texts/account.txt', '0000123456\n');
    await state(`end_user:
  admin:
    auth_person_name: { env: REGSYNC_VAR_PERSON }
    account_number: { file: ../texts/account.txt }
    pin_passcode:
      age: |
${lines.replaceAll(/^/gm, '        ')}
`);
    const env = { REGSYNC_VAR_PERSON: 'Jo Example', REGSYNC_AGE_IDENTITY: owner.identity };
    expect((await repository.run(['validate'])).code).toBe(0);
    expect(await problems('plan')).toContain('REGSYNC_VAR_PERSON is not set');
    const { code, out, err } = await repository.run(['apply', '--yes'], { env });
    expect(code, out + err).toBe(0);
    expect(await held()).toMatchObject({
      end_user: {
        admin: { auth_person_name: 'Jo Example', account_number: '0000123456', pin_passcode: '8091' },
      },
    });
    expect((await repository.run(['plan', '--detailed-exitcode'], { env })).code).toBe(0);
    await repository.write('.regsync/recipients', `${(await newAgeKeyPair()).recipient}\n`);
    const rekeyed = await repository.run(['rekey'], { env });
    expect([rekeyed.code, rekeyed.out + rekeyed.err]).toEqual([
      0,
      expect.stringContaining('Encrypted again: 1.'),
    ]);
  });

  it('and its group share a document, which is uploaded once and stays in use', async () => {
    await repository.write(
      'groups/letter.yaml',
      'apiVersion: regsync/v1\nkind: Document\nname: letter\nfile: ../documents/registration.pdf\n',
    );
    await repository.write(
      'groups/de.yaml',
      portingGroup([]).replace('attach:\n', '').replace('{ file: ../documents/registration.pdf }', 'letter'),
    );
    await state('documents:\n  loa: letter\n  invoice: { file: ../documents/registration.pdf }\n');
    const planned = await plan();
    expect(planned.changes.map(({ kind, name, depends_on }) => [kind, name, depends_on])).toEqual([
      ['Document', 'letter', []],
      ['RequirementGroup', 'de-porting', ['Document/letter']],
      ['PortingOrder', 'berlin-port', ['Document/letter']],
    ]);
    await apply();
    const { documents } = await repository.state();
    expect(documents).toHaveLength(1);
    expect(await held()).toMatchObject({ documents: { loa: documents[0]?.id, invoice: documents[0]?.id } });
    const requests = (await repository.requests()).map(({ method, path }) => `${method} ${path}`);
    expect(requests.filter((request) => request === 'POST /documents')).toHaveLength(1);
    await repository.control('clock', { advance_seconds: 3600 });
    expect((await repository.run(['gc'])).out).not.toContain('doc/');
    await expectNothingLeft();
  });

  it('gets a document back to back with its upload', async () => {
    await state('documents:\n  loa: { file: ../documents/registration.pdf }\n');
    await apply();
    const sent = (await repository.requests())
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`);
    expect(sent).toEqual(['POST /documents', `PATCH /porting_orders/${ID}`]);
    await repository.forgetRequests();
    await repository.write(FILE, portingOrder('documents:\n  loa: null\n'));
    await apply();
    expect(await writes()).toEqual([{ documents: { loa: null } }]);
    await expectNothingLeft();
  });

  it('says when a document that it is to hold expires', async () => {
    const loa = (expires: string) =>
      `documents: { loa: { file: ../documents/registration.pdf, expires: ${expires} } }\n`;
    await state(loa('2020-01-31'));
    const { code, out } = await repository.run(['plan', '--fail-on-expiry', '30', '--format', 'json']);
    expect(code).toBe(6);
    expect((JSON.parse(out) as Plan).attention).toMatchObject([
      { code: 'expired', name: 'berlin-port', expires: '2020-01-31', source: { file: FILE, line: 5 } },
    ]);
    await repository.write(FILE, portingOrder(loa('2999-01-31')));
    expect((await plan('--fail-on-expiry', '30')).attention).toEqual([]);
  });

  it('says of an approved value that it is overwritten, and of a declined one that it is still the same', async () => {
    const value = (text: string) =>
      `requirements:\n  - requirement: ${PORTING_REQUIREMENTS.account}\n    text: "${text}"\n`;
    await state(value('0000123456'), { status: 'in-process' });
    await apply();
    await repository.control(`porting_orders/${ID}/approve`, {
      requirement_ids: [PORTING_REQUIREMENTS.account],
    });
    await repository.write(FILE, portingOrder(value('0000654321')));
    expect(orderChange(await plan())?.consequences).toEqual([
      'the approved "Account Number" is overwritten: expect a new review',
    ]);
    await apply();
    await repository.control(`porting_orders/${ID}/decline`, {
      requirement_ids: [PORTING_REQUIREMENTS.account],
    });
    const planned = await plan();
    expect(planned.changes).toEqual([]);
    expect(planned.attention).toMatchObject([{ code: 'order-declined', source: { file: FILE, line: 7 } }]);
  });
});

describe('a porting order that names its group', () => {
  it('gets its values and its own settings in one run, and shows both in one plan', async () => {
    await repository.write('groups/de.yaml', portingGroup([]).replace('attach:\n', ''));
    await state('requirement_group: de-porting\nend_user: { admin: { entity_name: Example GmbH } }\n');
    const planned = await plan();
    expect(planned.changes.map(({ kind, actions }) => [kind, actions])).toEqual([
      ['Document', ['upload']],
      ['RequirementGroup', ['create', 'submit', 'attach']],
      ['PortingOrder', ['update']],
    ]);
    expect(planned.changes[1]?.group?.attaches).toMatchObject([
      { kind: 'porting_order', id: ID, source: { file: FILE, line: 5 } },
    ]);
    expect(orderChange(planned)?.order?.group).toBe('de-porting');
    const outcomes = await apply();
    expect(outcomes.map(({ kind, operations }) => [kind, operations])).toEqual([
      ['RequirementGroup', ['upload', 'create', 'submit', 'attach']],
      ['PortingOrder', ['patch']],
    ]);
    expect((await portingValuesOf(repository, ID))[PORTING_REQUIREMENTS.account]?.[0]).toBe('0000123456');
    expect(await held()).toMatchObject({ end_user: { admin: { entity_name: 'Example GmbH' } } });
    await expectNothingLeft();
    await repository.write('groups/de.yaml', portingGroup([], '0000654321').replace('attach:\n', ''));
    const followed = await plan();
    expect(followed.summary).toMatchObject({
      groups: { update: 1 },
      attach: 1,
      porting_orders: { update: 0, unchanged: 1 },
    });
    await apply();
    expect((await portingValuesOf(repository, ID))[PORTING_REQUIREMENTS.account]?.[0]).toBe('0000654321');
    await expectNothingLeft();
  });

  it('shows both in text and Markdown', async () => {
    await repository.write('groups/de.yaml', portingGroup([]).replace('attach:\n', ''));
    await state('requirement_group: de-porting\ncustomer_reference: Acct 123abc\n');
    const text = (await repository.run(['plan'])).out;
    expect(text).toMatch(new RegExp(`@  attach to porting order ${ID}  draft .*${FILE}:5`));
    expect(text).toMatch(new RegExp(`~  berlin-port  porting order  draft  1 change  ${FILE}:1`));
    expect(text).toContain('customer_reference  "Acct 123abc"');
    expect(text).toContain('1 to attach, 1 order to update.');
    const markdown = (await repository.run(['plan', '--format', 'markdown'])).out;
    expect(markdown).toContain('berlin-port');
    expect(mischiefIn(markdown)).toEqual([]);
  });
});

/* ---- What is refused, or left alone ---- */

describe('a manifest of a porting order that is wrong', () => {
  it('is refused without a request, each mistake at its line', async () => {
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: ID }]));
    const groups = await readFile(`${repository.folder}/groups/de.yaml`, 'utf8');
    await repository.write(
      'groups/ordering.yaml',
      groups
        .replace('name: de-porting', 'name: de-ordering')
        .replace('action: porting', 'action: ordering')
        .replace(/attach:\n.*\n/, ''),
    );
    await repository.write(
      FILE,
      portingOrder(`requirement_group: de-portin
documents:
  loa: { id: ${NOWHERE} }
requirements:
  - requirement: ${PORTING_REQUIREMENTS.account}
    text: "1"
end_user:
  admin:
    pin_passcode:
    entity_name: Example GmbH
misc:
  type: full
  remaining_numbers_action: keep
activation_settings:
  foc_datetime_requested: "2030-02-30T10:00:00Z"
`),
    );
    const err = await problems('validate');
    expect(err).toMatch(
      /port\.yaml:5:.*unknown requirement group "de-portin"[\s\S]*Did you mean "de-porting"\?/,
    );
    expect(err).toMatch(/port\.yaml:7:.*"requirement_group" and "documents" exclude each other/);
    expect(err).toMatch(/port\.yaml:9:.*"requirement_group" and "requirements" exclude each other/);
    expect(err).toMatch(/port\.yaml:13:.*"pin_passcode" has no value[\s\S]*write null to clear/);
    expect(err).toMatch(/port\.yaml:17:.*a full port moves all numbers/);
    expect(err).toMatch(/port\.yaml:17:.*add "new_billing_phone_number" with one of them/);
    expect(err).toMatch(/port\.yaml:19:.*not a day of the calendar/);
    expect(err).toMatch(/port\.yaml:4:.*already named by "de-porting" at groups\/de\.yaml:8/);
    await repository.write(FILE, portingOrder('requirement_group: de-ordering\n'));
    expect(await problems('plan')).toMatch(
      /port\.yaml:5:.*takes groups for porting, and this one is for ordering/,
    );
    expect(await repository.requests()).toEqual([]);
  });

  it.each([
    ['end_user: { admin: { account_number: 0123 } }', 'quote it'],
    ['misc: { type: whole }', 'must be one of "full", "partial"'],
    ['webhook_url: example.com', 'must be a URL'],
    ['user_feedback: { user_rating: "5" }', 'must be a whole number'],
    ['messaging: { enable_messaging: null }', 'true or false'],
    [
      'activation_settings: { foc_datetime_requested: 2030-01-31 }',
      'must be a date and time with its offset',
    ],
    ['end_user: { admin: { pin: "8091" } }', 'unknown key'],
    ['end_user: { admin: { pin_passcode: { env: PIN } } }', 'REGSYNC_VAR_'],
    ['requirements: [{ requirement: Contact Info, text: x }]', 'id'],
  ])('is refused: %s', async (line, message) => {
    await repository.write(FILE, portingOrder(`${line}\n`));
    expect(await problems('validate')).toContain(message);
  });

  it('names an order that Telnyx does not have, or what this one does not demand', async () => {
    await repository.write('groups/de.yaml', portingGroup([]).replace('attach:\n', ''));
    await repository.write(FILE, portingOrder('requirement_group: de-porting\n'));
    const err = await problems('plan');
    expect(err).toMatch(new RegExp(`port\\.yaml:4:5 .*Telnyx has no porting order ${ID}`));
    expect(err.match(/Telnyx has no/g)).toHaveLength(1);
    await state(`requirements:
  - requirement: ${NOWHERE}
    text: "1"
  - requirement: ${PORTING_REQUIREMENTS.letter}
    text: "1"
`);
    const others = await problems('plan');
    expect(others).toMatch(
      new RegExp(`port\\.yaml:6:.*does not demand ${NOWHERE}[\\s\\S]*\\(Account Number\\)`),
    );
    expect(others).toMatch(/port\.yaml:9:.*"Letter of Authorization" takes a document, not a text/);
  });

  it('names a document that Telnyx found infected, and leaves the order alone until it is replaced', async () => {
    const loa = 'documents: { loa: { file: ../documents/registration.pdf } }\n';
    await state(`${loa}customer_reference: new\n`);
    await repository.write('groups/copy.yaml', portingGroup([]).replace('attach:\n', ''));
    await apply(0, '--target', 'de-porting');
    const [document] = (await repository.state()).documents;
    await repository.control(`documents/${document?.id}/scan`, { result: 'infected' });
    const planned = await plan();
    expect(orderChange(planned)).toBeUndefined();
    expect(planned.attention.map(({ code, name }) => [code, name])).toContainEqual([
      'infected-document',
      'berlin-port',
    ]);
  });
});

describe('a porting order that is closed', () => {
  it.each(['submitted', 'ported', 'paused'])('gets only what is not about the port: %s', async (status) => {
    await state(
      `customer_reference: new
user_feedback: { user_rating: 5 }
webhook_url: https://example.com/porting
end_user: { admin: { pin_passcode: "8091" } }
documents: { loa: { file: ../documents/registration.pdf } }
`,
      { status },
    );
    const planned = await plan();
    const paths = orderChange(planned)?.patch.map(({ path }) => path);
    expect(paths?.sort()).toEqual(['/customer_reference', '/user_feedback/user_rating', '/webhook_url']);
    expect(planned.summary.documents).toEqual({ upload: 0, reuse: 0 });
    expect(planned.attention).toMatchObject([
      {
        code: 'order-closed',
        message: `porting order ${ID} is ${status}: it keeps its own values for end_user.admin.pin_passcode, documents.loa`,
        source: { file: FILE, line: 8 },
      },
    ]);
    await apply();
    expect(await writes()).toEqual([
      {
        customer_reference: 'new',
        user_feedback: { user_rating: 5 },
        webhook_url: 'https://example.com/porting',
      },
    ]);
    await expectNothingLeft();
  });
});

/* ---- When Telnyx does not do its part ---- */

const TWO = 'webhook_url: https://[broken\nend_user: { admin: { entity_name: Example GmbH } }\n';
const PATCH = { method: 'PATCH', path: '^/porting_orders/' };

describe('a write to a porting order', () => {
  it('that Telnyx takes for the whole of `end_user` is a failure that names what is lost, and no value', async () => {
    await repository.control('quirks', { porting_patch: 'shallow' }, 'PATCH');
    await state('end_user:\n  admin:\n    entity_name: Example GmbH\n', {
      end_user: {
        admin: { tax_identifier: 'TAX-4711', auth_person_name: 'Jo Example' },
        location: { locality: 'Berlin', street_address: 'Musterstraße 1' },
      },
    });
    const outcomes = await apply(4);
    expect(outcomes).toMatchObject([
      {
        status: 'failed',
        operations: ['patch'],
        error: {
          code: 'settings-lost',
          message: `porting order ${ID} held values that the request did not touch and that are gone or changed since: end_user.admin.auth_person_name, end_user.admin.tax_identifier, end_user.location.street_address, end_user.location.locality. Enter them again at Telnyx, or state them in the manifest, which then sends them along`,
          source: { file: FILE, line: 1 },
        },
      },
    ]);
    expect(JSON.stringify(outcomes)).not.toMatch(/4711|Jo Example|Berlin|Muster/);
  });

  it('loses nothing of a full port but what its type says', async () => {
    await state('misc:\n  type: full\n', {
      misc: { type: 'partial', remaining_numbers_action: 'keep', new_billing_phone_number: '+49300000009' },
    });
    await apply();
    await expectNothingLeft();
  });

  it.each([
    [
      'another status',
      () => repository.control(`porting_orders/${ID}/move`, { status: 'submitted' }),
      'its status is submitted, no longer draft',
    ],
    [
      'another passcode',
      () =>
        callApi(repository, 'PATCH', `/porting_orders/${ID}`, {
          end_user: { admin: { pin_passcode: '9999' } },
        }),
      'end_user.admin.pin_passcode has another value',
    ],
    [
      'another reference than is to be replaced',
      () => callApi(repository, 'PATCH', `/porting_orders/${ID}`, { customer_reference: 'theirs' }),
      'customer_reference has another value',
    ],
  ])('is not begun when the order has %s since it was planned', async (_, meanwhile, why) => {
    await state('customer_reference: ours\n', {
      customer_reference: 'old',
      end_user: { admin: { pin_passcode: '8091' } },
    });
    const moment = { method: 'GET', path: /^\/porting_orders\/[^/]+$/, nth: 2 };
    const env = await actBefore(repository, moment, meanwhile);
    const { code, out } = await repository.run(['apply', '--yes', '--format', 'json'], { env });
    expect(code, out).toBe(4);
    expect(JSON.parse(out).outcomes).toMatchObject([
      { operations: [], error: { code: 'changed-since-planned', message: expect.stringContaining(why) } },
    ]);
    expect(out).not.toContain('9999');
    expect(await writes()).not.toContainEqual({ customer_reference: 'ours' });
  });

  it('that Telnyx refuses names the line of the field, changes nothing, and stops no other order', async () => {
    const other = '7d1f3c86-0000-4000-8000-000000000002';
    await addOrder({ id: other });
    await repository.write(
      'groups/other.yaml',
      portingOrder('customer_reference: other\n', 'other').replace(ID, other),
    );
    await state(TWO);
    const outcomes = await apply(4);
    expect(outcomes.map(({ name, status }) => [name, status])).toEqual([
      ['berlin-port', 'failed'],
      ['other', 'applied'],
    ]);
    expect(outcomes[0]?.error).toMatchObject({
      code: 'refused-by-api',
      status: 422,
      errors: [{ code: '10003', pointer: '/webhook_url' }],
      source: { file: FILE, line: 5 },
    });
    expect(await held()).toMatchObject({ end_user: { admin: { entity_name: null } } });
  });

  it('that Telnyx refuses for a requirement names its line', async () => {
    await repository.control('quirks', { criteria: 'refuse' }, 'PATCH');
    await state(`documents:
  loa: { file: ../documents/registration.pdf }
requirements:
  - requirement: ${PORTING_REQUIREMENTS.contact}
    text: Jo Example
  - requirement: ${PORTING_REQUIREMENTS.account}
    text: "${'x'.repeat(500)}"
`);
    const [outcome] = await apply(4);
    expect(outcome?.error).toMatchObject({ source: { file: FILE, line: 11 } });
  });

  it('that answers 200 and changes nothing is a failure with its line, and the next run repairs it', async () => {
    await state('customer_reference: new\nend_user: { admin: { entity_name: Example GmbH } }\n');
    await repository.control('faults', { kind: 'noop', match: PATCH });
    const [outcome] = await apply(4);
    expect(outcome?.error).toMatchObject({
      code: 'write-without-effect',
      message: expect.stringContaining('customer_reference, end_user.admin.entity_name'),
      source: { file: FILE, line: 5 },
    });
    await apply();
    await expectNothingLeft();
  });

  it.each(['drop_before', 'drop_after', 'truncate'])(
    'whose answer is lost is sent again: %s',
    async (kind) => {
      await state('end_user: { admin: { entity_name: Example GmbH } }\n');
      await repository.control('faults', { kind, match: PATCH });
      expect((await apply())[0]?.operations).toEqual(['patch']);
      await expectNothingLeft();
    },
  );

  it.each([
    ['POST', '^/documents$'],
    ['PATCH', '^/porting_orders/[^/]+$'],
    ['GET', '^/porting_orders/[^/]+/requirements$', 2],
  ])('is simply run again when it was killed at %s %s', async (method, path, nth = 1) => {
    await state(`documents: { loa: { file: ../documents/registration.pdf } }
end_user: { admin: { entity_name: Example GmbH } }
requirements: [{ requirement: ${PORTING_REQUIREMENTS.account}, text: "0000123456" }]
`);
    await killAt({ method, path, nth });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await repository.state()).documents).toHaveLength(1);
    expect(await held()).toMatchObject({ end_user: { admin: { entity_name: 'Example GmbH' } } });
    await expectNothingLeft();
  });

  it('is not begun when the run is interrupted before', async () => {
    await repository.write('groups/de.yaml', portingGroup([]).replace('attach:\n', ''));
    await state('customer_reference: new\n');
    const { code, out } = await interruptAt(
      { method: 'POST', path: '^/requirement_groups$', nth: 1 },
      ({ child }) => child.kill('SIGTERM'),
    );
    expect(code).toBe(130);
    const { outcomes } = JSON.parse(out) as { outcomes: Outcome[] };
    expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
      ['RequirementGroup', 'failed'],
      ['PortingOrder', 'skipped'],
    ]);
    expect(await writes()).toEqual([]);
  });
});

async function killAt(match: { readonly method: string; readonly path: string; readonly nth: number }) {
  const { signal } = await interruptAt(match, ({ child }) => child.kill('SIGKILL'));
  expect(signal).toBe('SIGKILL');
}

/** Does something to an apply when its nth request that matches has reached the server, which is slow to answer. */
async function interruptAt(
  match: { readonly method: string; readonly path: string; readonly nth: number },
  act: (running: Running) => void,
) {
  await repository.control('faults', { kind: 'slow', ms: 1500, match });
  const running = repository.start(['apply', '--yes', '--parallelism', '1', '--format', 'json']);
  const faults = () => repository.control<readonly { readonly seen: number }[]>('faults');
  const isOver = running.result.then(() => true);
  while (!(await faults()).some(({ seen }) => seen >= match.nth)) {
    const pause = new Promise<boolean>((again) => setTimeout(() => again(false), 40));
    if (await Promise.race([isOver, pause])) throw new Error(`no request number ${match.nth}`);
  }
  act(running);
  return running.result;
}

/* ---- What was reviewed ---- */

describe('apply --plan', () => {
  it('does what was reviewed, and refuses what nobody saw', async () => {
    await state('customer_reference: new\nend_user: { admin: { entity_name: Example GmbH } }\n', {
      end_user: { admin: { entity_name: 'Example GmbH' } },
    });
    await plan('--out', 'plan.json');
    await callApi(repository, 'PATCH', `/porting_orders/${ID}`, {
      end_user: { admin: { entity_name: 'Other' } },
    });
    await repository.forgetRequests();
    const stale = await repository.run(['apply', '--plan', 'plan.json']);
    expect([stale.code, stale.err]).toEqual([
      5,
      expect.stringContaining('it would change end_user.admin.entity_name, which the reviewed plan does not'),
    ]);
    expect(await writes()).toEqual([]);
    await plan('--out', 'plan.json');
    await repository.write(
      FILE,
      portingOrder('customer_reference: newer\nend_user: { admin: { entity_name: Example GmbH } }\n'),
    );
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(5);
    await repository.write(
      FILE,
      portingOrder('customer_reference: new\nend_user: { admin: { entity_name: Example GmbH } }\n'),
    );
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    await expectNothingLeft();
  });

  it('goes on where a part is done', async () => {
    await state('customer_reference: new\nend_user: { admin: { entity_name: Example GmbH } }\n');
    await plan('--out', 'plan.json');
    await callApi(repository, 'PATCH', `/porting_orders/${ID}`, { customer_reference: 'new' });
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    await expectNothingLeft();
  });
});

describe('--target', () => {
  it('means an order as well, and leaves the others alone', async () => {
    await repository.write('groups/de.yaml', portingGroup([]).replace('attach:\n', ''));
    await state('customer_reference: new\n');
    const planned = await plan('--target', 'berlin-port');
    expect(planned.changes.map(({ kind }) => kind)).toEqual(['PortingOrder']);
    await apply(0, '--target', 'berlin-port');
    expect((await repository.state()).groups).toEqual([]);
  });
});

/* ---- What is private ---- */

const CANARIES = {
  entity_name: 'Canary-Entity 4801 ß',
  auth_person_name: 'Canary-Person 4802',
  billing_phone_number: '+49300004803',
  account_number: 'CANARY-4804',
  pin_passcode: '48054805',
  street_address: 'Canary-Street 4806',
  postal_code: 'CANARY-4807',
  webhook_url: 'https://example.com/canary-4808',
  user_comment: 'Canary-Comment 4809',
  held_account: 'CANARY-4810',
  value: 'Canary-Value 4811',
};

describe('nothing that is private', () => {
  it('is in any output, whatever happens, refusals that quote the request included', async () => {
    const { webhook_url, user_comment, street_address, postal_code, held_account, value, ...admin } =
      CANARIES;
    const fields = `customer_reference: "\`@octocat\` <b>"
webhook_url: ${webhook_url}
end_user:
  admin:
${Object.entries(admin)
  .map(([key, text]) => `    ${key}: "${text}"\n`)
  .join('')}  location:
    street_address: "${street_address}"
    postal_code: "${postal_code}"
user_feedback: { user_comment: "${user_comment}" }
requirements: [{ requirement: ${PORTING_REQUIREMENTS.account}, text: "${value}" }]
`;
    await state(fields, { end_user: { admin: { account_number: held_account } } });
    const sinks: Record<string, string> = {};
    const run = async (...args: string[]) => {
      const { out, err } = await repository.run(args);
      sinks[args.join(' ')] = out + err;
      return out;
    };
    await run('validate');
    for (const format of ['text', 'json', 'markdown'])
      await run('plan', '--format', format, '--out', 'plan.json');
    sinks['plan.json'] = await readFile(`${repository.folder}/plan.json`, 'utf8');
    expect(mischiefIn(await run('ci', 'plan'))).toEqual([]);
    await repository.control('faults', { kind: 'status', status: 422, body: 'echo', match: PATCH });
    await run('apply', '--yes');
    await repository.control('faults', { kind: 'noop', match: PATCH });
    await run('apply', '--yes', '--format', 'json');
    await run('apply', '--plan', 'plan.json');
    await run('status');
    await run('plan', '--detailed-exitcode');
    await repository.write(
      FILE,
      portingOrder(`${fields}nonsense: 1\n`).replace('postal_code:', 'postal_cod:'),
    );
    await run('validate');
    for (const [sink, text] of Object.entries(sinks)) {
      for (const canary of Object.values(CANARIES)) expect(text, sink).not.toContain(canary);
    }
    expect(sinks['plan --format text --out plan.json']).toContain('end_user.admin.pin_passcode');
  });

  it('stands in no refusal that repeats it, nor do tags that the manifest states or the order has', async () => {
    const configuration = (tags: readonly string[]) => `phone_number_configuration: { tags: [${tags}] }\n`;
    await state(configuration(['vip-example-tag', 'tag-of-example']), {
      phone_number_configuration: { tags: ['former-example-tag'] },
    });
    await repository.control('faults', { kind: 'status', status: 422, body: 'echo', match: PATCH });
    const echoed = await repository.run(['apply', '--yes']);
    expect([echoed.code, echoed.out]).toEqual([4, expect.stringContaining('«sensitive»')]);
    expect(echoed.out + echoed.err).not.toMatch(/vip-example|tag-of-example/);

    const detail = 'former-example-tag cannot be removed';
    const env = await interferingProxy(repository, (method) =>
      method === 'PATCH' ? { status: 422, body: { errors: [{ code: '10027', detail }] } } : null,
    );
    const quoted = await repository.run(['apply', '--yes'], { env });
    expect([quoted.code, quoted.out]).toEqual([4, expect.stringContaining('«sensitive» cannot be removed')]);
  });
});
