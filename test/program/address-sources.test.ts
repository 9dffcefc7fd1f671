import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armor } from '../../src/manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../src/manifest/encryption/recipients.ts';
import { newAgeKeyPair } from '../support/age-keys.ts';
import { interferingProxy } from '../support/proxies/interfering-proxy.ts';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

const [owner, stranger] = [await newAgeKeyPair(), await newAgeKeyPair()];

const STREET = 'Musterstraße 17';
const CITY = 'Example-Stadt';
const COMPANY = 'Example Nachtdienst GmbH';

async function ciphertext(text: string, indentation: number): Promise<string> {
  const lines = armor(await encryptFor([owner.recipient], Buffer.from(text)))
    .trimEnd()
    .split('\n');
  return `|\n${lines.map((line) => `${' '.repeat(indentation)}${line}`).join('\n')}`;
}

async function fields(indentation: number): Promise<string> {
  const blank = ' '.repeat(indentation);
  return [
    `business_name:\n${blank}  age: ${await ciphertext(COMPANY, indentation + 4)}`,
    'street_address: { env: REGSYNC_VAR_STREET }',
    'locality: { file: ../texts/city.txt }',
    'postal_code: "10115"',
    'country_code: DE',
  ]
    .map((line) => `${blank}${line}\n`)
    .join('');
}

const INLINE = async () =>
  germanGroup()
    .replace(/address:\n[\s\S]*$/, () => 'address:\n')
    .concat(await fields(6));
const NAMED = async () =>
  `${germanGroup().replace(/address:\n[\s\S]*$/, () => 'address: office\n')}---
apiVersion: regsync/v1
kind: Address
name: office
${await fields(0)}`;

const env = { REGSYNC_VAR_STREET: `${STREET}\n`, REGSYNC_AGE_IDENTITY: owner.identity };

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({
    '.regsync/recipients': owner.recipient,
    'texts/city.txt': `${CITY}\n`,
  });
});
afterEach(() => repository.end());

/** The address at Telnyx that the group's requirement holds. */
async function heldAddress(): Promise<Record<string, unknown> | undefined> {
  const state = await repository.control<{
    groups: { regulatory_requirements: { requirement_id: string; field_value: string }[] }[];
    addresses: Record<string, unknown>[];
  }>('state');
  const [group] = state.groups;
  const id = group?.regulatory_requirements.find(
    ({ requirement_id }) => requirement_id === DE_REQUIREMENTS.address,
  )?.field_value;
  return state.addresses.find((address) => address.id === id);
}

describe('an address whose fields come from a variable, a file and a ciphertext', () => {
  it.each([
    ['inline', INLINE],
    ['by its name', NAMED],
  ])(
    'is validated without them, planned with fingerprints, made as it reads, and found again: %s',
    async (_, manifest) => {
      await repository.write('groups/de.yaml', await manifest());
      const valid = await repository.run(['validate']);
      expect(valid.code, valid.err).toBe(0);

      const plan = await repository.run(['plan', '--out', 'plan.json'], { env });
      expect(plan.code, plan.err).toBe(0);
      expect(plan.out).toMatch(/Local Address {2,}address {2,}«[0-9a-f]{8}»/);

      const apply = await repository.run(['apply', '--plan', 'plan.json'], { env });
      expect(apply.code, apply.out + apply.err).toBe(0);
      expect(apply.out).toContain('1 address created');
      expect(await heldAddress()).toMatchObject({
        business_name: COMPANY,
        street_address: STREET,
        locality: CITY,
        postal_code: '10115',
        country_code: 'DE',
      });
      for (const { out, err } of [valid, plan, apply])
        for (const secret of [STREET, CITY, COMPANY]) expect(out + err).not.toContain(secret);

      const again = await repository.run(['plan', '--detailed-exitcode'], { env });
      expect(again.out + again.err).toContain('No changes. 1 group matches its manifest.');
      expect(again.code).toBe(0);
      const garbage = await repository.run(['gc'], { env });
      expect(garbage.out).toContain('Nothing');
    },
  );

  it('is the same object as one that is written out', async () => {
    await repository.write('groups/de.yaml', await INLINE());
    expect((await repository.run(['apply', '--yes'], { env })).code).toBe(0);
    const written = germanGroup()
      .replace('Musterstraße 1\n', `${STREET}\n`)
      .replace('locality: Berlin', `locality: ${CITY}`)
      .replace('business_name: Example GmbH', `business_name: ${COMPANY}`);
    await repository.write('groups/de.yaml', written);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('is a change where the variable changes', async () => {
    await repository.write('groups/de.yaml', await INLINE());
    expect((await repository.run(['apply', '--yes'], { env })).code).toBe(0);
    const other = { ...env, REGSYNC_VAR_STREET: 'Musterstraße 18' };
    const { code, out } = await repository.run(['plan', '--detailed-exitcode'], { env: other });
    expect(code, out).toBe(2);
    expect(out).toContain('1 address to create');
    expect(out).not.toContain('Musterstraße');
  });

  it.each([
    [
      'an unset variable',
      { ...env, REGSYNC_VAR_STREET: undefined },
      'unset-variable',
      /groups\/de\.yaml:\d+:\d+/,
    ],
    [
      'a placeholder',
      { ...env, REGSYNC_VAR_STREET: '{{ street }}' },
      'placeholder',
      /groups\/de\.yaml:\d+:\d+/,
    ],
    ['no key', { ...env, REGSYNC_AGE_IDENTITY: undefined }, 'missing-identity', /groups\/de\.yaml:\d+:\d+/],
    [
      'another’s key',
      { ...env, REGSYNC_AGE_IDENTITY: stranger.identity },
      'wrong-identity',
      /groups\/de\.yaml/,
    ],
  ])('is a problem at its line in plan and apply with %s', async (_, given, code, place) => {
    await repository.write('groups/de.yaml', await INLINE());
    for (const command of [['plan'], ['apply', '--yes']]) {
      const run = await repository.run(command, { env: given });
      expect(run.code).toBe(3);
      expect(run.err).toContain(code);
      expect(run.err).toMatch(place);
    }
    expect((await repository.state()).addresses).toEqual([]);
  });

  it('is hidden in a refusal that repeats it', async () => {
    await repository.write('groups/de.yaml', await INLINE());
    const errors = [
      { code: '20207', title: 'Invalid', detail: `${STREET} in ${CITY} is not known to ${COMPANY}` },
    ];
    const told = await interferingProxy(repository, (method, path) =>
      method === 'POST' && path === '/addresses' ? { status: 422, body: { errors } } : null,
    );
    const { code, out, err } = await repository.run(['apply', '--yes'], { env: { ...env, ...told } });
    expect(code).toBe(4);
    expect(out).toContain('20207');
    expect(out + err).not.toMatch(/Musterstra|Example-Stadt|Nachtdienst/);
  });

  it('is encrypted again by rekey, and reads the same', async () => {
    await repository.write('groups/de.yaml', await NAMED());
    expect((await repository.run(['apply', '--yes'], { env })).code).toBe(0);
    await repository.write('.regsync/recipients', `${owner.recipient}\n${stranger.recipient}\n`);
    const stale = await repository.run(['validate']);
    expect(stale.err).toContain('stale-recipients');
    const rekeyed = await repository.run(['rekey'], { env });
    expect(rekeyed.code, rekeyed.err).toBe(0);
    expect(rekeyed.out).toContain('groups/de.yaml:');
    const other = { ...env, REGSYNC_AGE_IDENTITY: stranger.identity };
    expect((await repository.run(['plan', '--detailed-exitcode'], { env: other })).code).toBe(0);
  });

  it.each([
    ['street_address: { env: HOME }', 'invalid-value'],
    ['street_address: { file: ../texts/none.txt }', 'file-not-found'],
    ['street_address: {}', 'no-value'],
    ['country_code: { env: REGSYNC_VAR_COUNTRY }', 'wrong-type'],
    ['street_address: ["A 1"]', 'wrong-type'],
  ])('is refused by validate as %s', async (line, code) => {
    const key = line.split(':')[0];
    const manifest = germanGroup().replace(
      new RegExp(`${key}: (?:Musterstraße 1|DE)\\n$|${key}: Musterstraße 1\\n`, 'm'),
      `${line}\n`,
    );
    await repository.write(
      'groups/de.yaml',
      manifest.replace(/country_code: DE\n$/, `${key === 'country_code' ? line : 'country_code: DE'}\n`),
    );
    const { code: exit, err } = await repository.run(['validate']);
    expect(exit, err).toBe(3);
    expect(err).toContain(code);
  });
});
