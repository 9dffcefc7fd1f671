import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armor } from '../../src/manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../src/manifest/encryption/recipients.ts';
import { newAgeKeyPair, sha256 } from '../support/age-keys.ts';
import { directTexts, numberOrder } from '../support/number-orders.ts';
import { attach, callApi, placeOrder } from '../support/orders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

const owner = await newAgeKeyPair();

/** A write without effect and an order are both looked for over several seconds. */
const quick = buildWithClocks(0.2);

/**
 * Everything that a user hands over carries a canary; every byte that regsync writes is searched for it, plainly and in
 * the forms in which it could travel: Base64, URL-encoded, hex.
 */
const CANARIES = {
  text: 'Canary-Text Zoë <4711> & "Söhne"',
  variable: 'Canary-Variable 4712 §',
  textFile: 'Canary-File 4713 é',
  businessName: 'Canary-Business 4714 ß',
  street: 'Canary-Street 4715 ü',
  postalCode: 'CANARY-4716',
  document: 'Canary-Document-Bytes-4717',
  key: 'KEY4718CANARY_sample',
  planKey: 'canary-plan-key-4719-of-the-tests-alone',
  encryptedText: 'Canary-Encrypted-Text 4720 ö',
  encryptedDocument: 'Canary-Encrypted-Document-4721',
  identity: owner.identity,
  orderValue: 'Canary-Order-Value 4722 ä',
  /** Without its plus: so it may stand anywhere. */
  phoneNumber: '493000004723',
};

const ENV = {
  TELNYX_API_KEY: CANARIES.key,
  REGSYNC_VAR_CONTACT: CANARIES.variable,
  REGSYNC_VAR_STREET: CANARIES.street,
  REGSYNC_PLAN_KEY: CANARIES.planKey,
  REGSYNC_AGE_IDENTITY: CANARIES.identity,
};

function manifest(contact: string): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: de-local
country_code: DE
phone_number_type: local
action: ordering
requirements:
  - requirement: Contact Info
    ${contact}
  - requirement: ${DE_REQUIREMENTS.registration}
    document: { file: ../documents/canary.txt }
  - requirement: ${DE_REQUIREMENTS.proof}
    document: { file: ../documents/canary.txt }
  - requirement: ${DE_REQUIREMENTS.form}
    document: { file: ../documents/secret.txt.age, sha256: ${sha256(CANARIES.encryptedDocument)} }
  - requirement: ${DE_REQUIREMENTS.address}
    address:
      business_name: ${CANARIES.businessName}
      street_address: { env: REGSYNC_VAR_STREET }
      locality: Berlin
      postal_code: "${CANARIES.postalCode}"
      country_code: DE
`;
}

const CONTACTS = {
  text: `text: '${CANARIES.text}'`,
  variable: 'text_from: { env: REGSYNC_VAR_CONTACT }',
  file: 'text_from: { file: ../documents/contact.txt }',
  encryption: await encryptedContact(),
};

async function encryptedContact(): Promise<string> {
  const armored = armor(await encryptFor([owner.recipient], Buffer.from(CANARIES.encryptedText)));
  const lines = armored.split('\n').map((line) => `        ${line}\n`);
  return `text_from:\n      age: |\n${lines.join('')}`;
}

let repository: TestRepository;
let sinks: Record<string, string>;
beforeEach(async () => {
  repository = await openTestRepository(
    {
      'groups/de.yaml': manifest(CONTACTS.text),
      'groups/fr.yaml': frenchGroup(),
      'documents/canary.txt': CANARIES.document,
      'documents/contact.txt': `${CANARIES.textFile}\n`,
      '.regsync/recipients': owner.recipient,
    },
    'here',
    quick,
  );
  const secret = await encryptFor([owner.recipient], Buffer.from(CANARIES.encryptedDocument));
  await repository.write('documents/secret.txt.age', secret);
  sinks = {};
});
afterEach(() => repository.end());

async function run(...args: string[]): Promise<number | null> {
  const { code, out, err } = await repository.run(args, { env: ENV });
  const name = `${Object.keys(sinks).length} ${args.join(' ')}`;
  sinks[`${name}: stdout`] = out;
  sinks[`${name}: stderr`] = err;
  return code;
}

const TEXT: readonly string[] = [];
const JSON_FORMAT = ['--format', 'json'] as const;

/** Every command that talks to the API or reads manifests, in these formats. */
async function runEverything(...formats: readonly (readonly string[])[]): Promise<void> {
  for (const format of formats) {
    await run('validate', ...format);
    await run('plan', '--out', 'plan.json', '--verbose', ...format);
    await run('plan', '--format', 'markdown');
    await run('lock', ...format);
    await run('status', ...format);
    await run('report', '--out', 'report.html', ...format);
    await run('gc', ...format);
    await run('ci', 'plan', '--summary', 'ci.json.md', ...format);
    await run('ci', 'apply', '--summary', 'ci.json.md', ...format);
    if (format.length > 0) await run('import', '--plaintext', ...format);
    await run('apply', '--plan', 'plan.json', ...format);
    await run('apply', '--yes', '--verbose', ...format);
    const files = ['documents/canary.txt', 'documents/contact.txt'];
    expect(await run('encrypt', ...files, '--force', '--verbose', ...format)).toBe(0);
    expect(await run('rekey', '--force', '--verbose', ...format)).toBe(0);
  }
  await run('matrix', '--shards', '2');
  await run('explain');
  await run('explain', 'de-local', '--format', 'json');
  const draft = `drafts/${Object.keys(sinks).length}.yaml`;
  await run('new', 'DE', 'local', 'porting', '--name', 'porting', '--out', draft);
  await run('init', '--scope', 'acme');
  await run('__complete', 'explain', '');
}

/** One after the other, also on a busy machine. */
const MANY_PROCESSES_MS = 240_000;

async function expectNoCanary(): Promise<void> {
  const drafts = await readdir(join(repository.folder, 'drafts')).catch(() => []);
  const written = [
    ...['plan.json', ...(await readdir(repository.folder))].filter((name) => /json|html|tmp|yaml/.test(name)),
    ...drafts.map((name) => join('drafts', name)),
  ];
  for (const name of written) {
    sinks[`file ${name}`] = await readFile(join(repository.folder, name), 'utf8').catch(() => '');
  }
  expect(Object.keys(sinks).length).toBeGreaterThan(0);
  const shown = Object.entries(sinks).flatMap(([sink, text]) =>
    FORMS.filter(({ form }) => text.includes(form)).map(({ name }) => `${sink} shows the ${name}: ${text}`),
  );
  expect(shown).toEqual([]);
}

function formsOf(canary: string): string[] {
  const bytes = Buffer.from(canary);
  const escaped = JSON.stringify(canary).slice(1, -1);
  const html = canary
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [canary, escaped, html, base64, bytes.toString('hex'), encodeURIComponent(canary)];
}

const FORMS = Object.entries(CANARIES).flatMap(([name, canary]) =>
  [...new Set(formsOf(canary))].map((form) => ({ name, form })),
);

describe('nothing private is written anywhere', () => {
  it.each([
    ['text', CONTACTS.text, [TEXT, JSON_FORMAT]],
    ['variable', CONTACTS.variable, [JSON_FORMAT]],
    ['file', CONTACTS.file, [TEXT]],
    ['encryption', CONTACTS.encryption, [JSON_FORMAT]],
  ])(
    'when all goes well, the value coming from %s',
    async (_, contact, formats) => {
      await repository.write('groups/de.yaml', manifest(contact));
      for (const format of formats) {
        await runEverything(format);
        await repository.write('documents/canary.txt', `${CANARIES.document} renewed`);
      }
      await expectNoCanary();
    },
    MANY_PROCESSES_MS,
  );

  it.each([
    ['answers 422 and echoes the request as JSON', { kind: 'status', status: 422, body: 'echo' }],
    ['answers 422 and echoes the request as HTML', { kind: 'status', status: 422, body: 'echo_html' }],
    ['answers 400 and echoes', { kind: 'status', status: 400, body: 'echo' }],
    ['refuses the key and echoes it', { kind: 'status', status: 401, body: 'echo' }],
    ['forbids and echoes', { kind: 'status', status: 403, body: 'echo_html' }],
    ['changes nothing', { kind: 'noop' }],
  ])('when the API %s, at every kind of write', async (_, fault) => {
    for (const path of ['^/documents$', '^/addresses$', '^/requirement_groups$', 'submit_for_approval$']) {
      await repository.control('reset', {});
      await repository.control('faults', { ...fault, times: 99, match: { method: 'POST', path } });
      expect(await run('apply', '--yes', '--format', 'json')).not.toBe(0);
      await run('apply', '--yes');
    }
    await expectNoCanary();
  });

  it('when an order holds something else, and when it is refused what it should hold', async () => {
    const { subOrders, numbers } = await placeOrder(repository, ['+49300000001', '+49300000002']);
    const held = [{ requirement_id: DE_REQUIREMENTS.contact, field_value: CANARIES.orderValue }];
    await callApi(repository, 'PATCH', `/sub_number_orders/${subOrders.DE}`, {
      regulatory_requirements: held,
    });
    const entries = { sub_number_order: subOrders.DE ?? '', phone_number: numbers[0]?.id ?? '' };
    const attached = manifest(CONTACTS.text).replace(
      'requirements:',
      `${attach({ sub_number_order: entries.sub_number_order }, { phone_number: entries.phone_number })}requirements:`,
    );
    await repository.write('groups/de.yaml', attached);
    const path = '/requirement_group$';
    for (const body of ['echo', 'echo_html', 'json']) {
      await repository.control('faults', {
        kind: 'status',
        status: 422,
        body,
        match: { method: 'POST', path },
      });
      expect(await run('apply', '--yes', '--verbose', '--format', 'json')).toBe(4);
    }
    await runEverything();
    expect(Object.values(sinks).join('')).toContain('attach to sub number order');
    await expectNoCanary();
  });

  it(
    'when orders are placed and edited, when that is refused, and when a manifest of one is wrong',
    async () => {
      const number = `+${CANARIES.phoneNumber}`;
      const own = directTexts({ [DE_REQUIREMENTS.contact]: CANARIES.orderValue });
      const orders = (value: string, numbers = [number]) => numberOrder({ numbers, extra: value });
      await repository.write('groups/orders.yaml', orders(own));
      for (const body of ['echo', 'echo_html', 'json']) {
        const match = { method: 'POST', path: '^/number_orders$' };
        await repository.control('faults', { kind: 'status', status: 422, body, match });
        expect(await run('apply', '--yes', '--allow-orders', '--verbose', '--format', 'json')).toBe(4);
      }
      await run('apply', '--yes', '--allow-orders');
      await repository.write('groups/orders.yaml', orders(own.replace('Canary', 'Changed')));
      const match = { method: 'PATCH', path: '^/number_orders/' };
      await repository.control('faults', { kind: 'status', status: 422, body: 'echo', match });
      expect(await run('apply', '--yes', '--verbose')).toBe(4);
      await runEverything(TEXT);
      expect(Object.values(sinks).join('')).toContain('order updated');
      for (const numbers of [[number, number], ['+493000004724'], [number.slice(1)]]) {
        await repository.write('groups/orders.yaml', orders(own, numbers));
        expect(await run('plan')).toBe(3);
      }
      await expectNoCanary();
    },
    MANY_PROCESSES_MS,
  );

  it('when a PATCH is refused with an echo', async () => {
    await run('apply', '--yes');
    await repository.write('groups/de.yaml', manifest(CONTACTS.variable));
    for (const body of ['echo', 'echo_html']) {
      await repository.control('faults', { kind: 'status', status: 422, body, match: { method: 'PATCH' } });
      expect(await run('apply', '--yes')).toBe(4);
    }
    await expectNoCanary();
  });

  it.each([
    ['echoes the key as JSON', { kind: 'status', status: 401, body: 'echo' }],
    ['echoes the key as HTML', { kind: 'status', status: 404, body: 'echo_html' }],
    ['redirects', { kind: 'redirect', status: 302, location: 'https://example.com/' }],
  ])('when a read %s', async (_, fault) => {
    await repository.control('faults', { ...fault, times: 999, match: { method: 'GET' } });
    await runEverything(TEXT, JSON_FORMAT);
    await expectNoCanary();
  });

  it.each([
    ['all goes well', null],
    ['a download is refused with an echo', { kind: 'status', status: 404, body: 'echo' }],
    ['a download is an echo', { kind: 'status', status: 200, body: 'echo_html' }],
    ['values break the rules', 'criteria'],
  ])('when groups are imported and %s', async (_, fault) => {
    await run('apply', '--yes');
    await rm(join(repository.folder, 'groups'), { recursive: true });
    await rm(join(repository.folder, 'documents'), { recursive: true });
    if (fault === 'criteria') {
      const acceptance_criteria = { max_length: 3, acceptable_values: ['no'] };
      const contact = {
        id: DE_REQUIREMENTS.contact,
        name: 'Contact Info',
        type: 'textual',
        acceptance_criteria,
      };
      await repository.control('catalogue/DE/local/ordering', { add: [contact] }, 'PATCH');
    } else if (fault !== null && typeof fault === 'object') {
      await repository.control('faults', {
        ...fault,
        times: 99,
        match: { method: 'GET', path: 'download$' },
      });
    }
    await run('import', '--no-documents', '--country', 'FR');
    await run('import', '--plaintext', '--verbose');
    await repository.control('faults', undefined, 'DELETE');
    await run('import', '--plaintext', '--format', 'json');
    await run('plan', '--verbose');
    // What was hidden all the way is where it belongs.
    const manifests = await readFile(join(repository.folder, 'groups/de-local.yaml'), 'utf8');
    expect(manifests).toContain(CANARIES.street);
    await expectNoCanary();
  });

  it('when a reviewer quotes the values', async () => {
    await run('apply', '--yes');
    const comment = Object.values(CANARIES).slice(0, 6).join(' / ');
    await repository.control('groups/decline?reference=regsync/acme/de-local', { comment });
    await run('plan');
    await run('plan', '--format', 'markdown');
    await run('status');
    await run('status', '--format', 'json');
    await run('status', '--wait', '--timeout', '1s');
    await run('report', '--format', 'json', '--out', 'report.html');
    sinks['the page'] = await readFile(join(repository.folder, 'report.html'), 'utf8');
    expect(sinks['the page']).toContain('«sensitive»');
    expect(Object.values(sinks).join('')).toContain('Reviewer');
    // The manifest holds only some of them: what it does not know it cannot mask.
    const { text, businessName, street, postalCode } = CANARIES;
    for (const value of [text, businessName, street, postalCode]) {
      expect(Object.values(sinks).some((sink) => sink.includes(value))).toBe(false);
    }
  });

  it.each([
    ['a value that is not quoted', manifest(`text: 4711 # ${CANARIES.text}`)],
    ['a value under a misspelt key', manifest(`txt: '${CANARIES.text}'`)],
    ['a value in a broken flow map', manifest(`text: { '${CANARIES.text}'`)],
    ['a value after a tab', manifest(`text:\t"${CANARIES.variable}" : x`)],
    ['a value of the wrong type', manifest(`address: { street_address: '${CANARIES.street}' }`)],
    ['a value on a line of its own', manifest(`text: >\n${CANARIES.variable}`)],
    ['an anchor and aliases', manifest(`text: &x '${CANARIES.text}'`).concat('extra: [*x, *x, *x]\n')],
    ['a repeated key', manifest(`text: '${CANARIES.text}'\n    text: '${CANARIES.variable}'`)],
    [
      'a text where a document belongs',
      manifest(CONTACTS.text).replace(/document: .*/, `text: '${CANARIES.text}'`),
    ],
  ])('when a manifest is wrong: %s', async (_, text) => {
    await repository.write('groups/de.yaml', text);
    await run('__complete', 'plan', '--target', '');
    for (const format of [[], ['--format', 'json']]) {
      await run('validate', ...format);
      await run('explain', 'de-local', ...format);
      expect(await run('plan', ...format)).toBe(3);
    }
    await expectNoCanary();
  });

  it('when a value breaks what the lock says that is demanded', async () => {
    const criteria = { max_length: 3, regex: '^x$', acceptable_characters: '0-9', acceptable_values: ['x'] };
    await repository.control(
      'catalogue/DE/local/ordering',
      { add: [{ id: DE_REQUIREMENTS.contact, acceptance_criteria: criteria }] },
      'PATCH',
    );
    expect(await run('lock')).toBe(0);
    for (const contact of [CONTACTS.text, CONTACTS.file]) {
      await repository.write('groups/de.yaml', manifest(contact));
      for (const format of [[], ['--format', 'json']]) {
        expect(await run('validate', ...format)).toBe(3);
        expect(await run('plan', ...format)).toBe(3);
        await run('lock', '--check', ...format);
      }
    }
    expect(Object.values(sinks).join('')).toContain('pattern-mismatch');
    await expectNoCanary();
  });

  it('when what is encrypted is for others, swapped, damaged or gone', async () => {
    await repository.write('groups/de.yaml', manifest(CONTACTS.encryption));
    const sound = await readFile(join(repository.folder, 'documents/secret.txt.age'));
    const swapped = await encryptFor([owner.recipient], Buffer.from(CANARIES.textFile));
    const foreign = await encryptFor(
      [(await newAgeKeyPair()).recipient],
      Buffer.from(CANARIES.encryptedDocument),
    );
    for (const content of [swapped, foreign, sound.subarray(0, -5), CANARIES.encryptedDocument, '']) {
      await repository.write('documents/secret.txt.age', content);
      for (const format of [[], ['--format', 'json']]) {
        expect(await run('apply', '--yes', ...format)).toBe(3);
        expect(await run('rekey', '--force', ...format)).toBe(3);
      }
    }
    await repository.write('.regsync/recipients', `${owner.identity}\n${CANARIES.text}\n`);
    for (const args of [['encrypt', 'documents/canary.txt'], ['rekey']]) expect(await run(...args)).toBe(3);
    await expectNoCanary();
  });

  it('when the identity is malformed', async () => {
    for (const identity of [
      `${owner.identity}X`,
      `x ${owner.identity}`,
      `# x\n${owner.identity.toLowerCase()}`,
    ]) {
      const env = { ...ENV, REGSYNC_AGE_IDENTITY: identity };
      const { code, out, err } = await repository.run(['apply', '--yes'], { env });
      expect(code).toBe(3);
      sinks[identity] = out + err;
    }
    const sound = Object.values(sinks).join('').toUpperCase();
    expect(sound).not.toContain(owner.identity.slice(20, 60));
    await expectNoCanary();
  });

  it('when the key is malformed', async () => {
    for (const key of [`${CANARIES.key}\ninner`, `sk ${CANARIES.key}`, `x${CANARIES.key}`]) {
      const { code, out, err } = await repository.run(['plan'], { env: { ...ENV, TELNYX_API_KEY: key } });
      expect(code).toBe(7);
      sinks[key] = out + err;
    }
    await expectNoCanary();
  });
});
