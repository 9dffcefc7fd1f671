import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { validatePlan } from '../../src/cli/apply/plan-validators.js';
import { parseLock } from '../../src/manifest/lock-file.ts';
import { validateRequirementGroup } from '../../src/manifest/validators.js';
import { ruleOf, SETTING_PATHS } from '../../src/model/orders/porting.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import type { AttentionCode, Plan } from '../../src/model/plan/plan.ts';
import { ADDRESS_FIELDS, GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../../src/model/resource.ts';

const ROOT = join(import.meta.dirname, '../..');

type Schema = Readonly<Record<string, unknown>>;

async function readSchema(
  name: string,
): Promise<Schema & { $defs: Record<string, Record<string, unknown>> }> {
  return JSON.parse(await readFile(join(ROOT, `schemas/${name}.schema.json`), 'utf8'));
}

async function compile(name: string): Promise<ValidateFunction> {
  const ajv = new Ajv({ strictTypes: true, allowUnionTypes: true });
  ajv.addVocabulary(['errorMessage', 'patternErrorMessage']);
  return ajv.compile(await readSchema(name));
}

/** Of everything that holds nothing more itself: `end_user.admin.entity_name`. */
function pathsOf({ properties = {} }: { readonly properties?: unknown }): string[] {
  return Object.entries(properties as Record<string, Schema>).flatMap(([name, inner]) =>
    inner.properties === undefined ? [name] : pathsOf(inner).map((path) => `${name}.${path}`),
  );
}

/** With some of the keys, all, and none. */
function choicesOf(keys: Readonly<Record<string, unknown>>): Schema[] {
  let choices: Schema[] = [{}];
  for (const [key, value] of Object.entries(keys)) {
    choices = choices.flatMap((chosen) => [chosen, { ...chosen, [key]: value }]);
  }
  return choices;
}

describe('the manifest schema, as an editor uses it', () => {
  it('takes a manifest of every form', async () => {
    const validate = await compile('manifest');
    const text = await readFile(join(ROOT, 'test/fixtures/manifest/sound/every-form.yaml'), 'utf8');
    for (const document of parseAllDocuments(text)) {
      expect(validate(document.toJS()), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('is what is checked, also where one of several keys is to be chosen', async () => {
    const validate = await compile('manifest');
    const values = {
      text: 'Compliance desk',
      text_from: { env: 'REGSYNC_VAR_DESK' },
      document: 'registration',
      address: 'berlin',
    };
    const sources = { env: 'REGSYNC_VAR_DESK', file: 'desk.txt', age: '-----BEGIN AGE ENCRYPTED FILE-----' };
    const id = '0a000000-0000-4000-8000-000000000001';
    const orders = { sub_number_order: id, number_order: id, phone_number: id, porting_order: id };
    const manifests = [
      ...choicesOf(values).map((chosen) => ({ requirements: [{ requirement: 'Desk', ...chosen }] })),
      ...choicesOf(sources).map((chosen) => ({ requirements: [{ requirement: 'Desk', text_from: chosen }] })),
      ...choicesOf(orders).map((chosen) => ({ attach: [chosen] })),
    ].map((rest) => ({
      apiVersion: 'regsync/v1',
      kind: 'RequirementGroup',
      name: 'de-local',
      country_code: 'DE',
      phone_number_type: 'local',
      action: 'ordering',
      ...rest,
    }));
    const isSound = manifests.map((manifest) => validate(manifest));
    expect(isSound.filter(Boolean)).toHaveLength(4 + 3 + 4);
    expect(manifests.map((manifest) => validateRequirementGroup(manifest))).toEqual(isSound);
  });

  it('takes its own examples', async () => {
    const validate = await compile('manifest');
    const { $defs } = await readSchema('manifest');
    for (const kind of ['RequirementGroup', 'Document', 'Address', 'PortingOrder']) {
      const examples = ($defs[kind]?.examples ?? []) as unknown[];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(validate(example)).toBe(true);
    }
  });

  it('has a key for each setting of a porting order, and for no other', async () => {
    const { $defs } = await readSchema('manifest');
    const others = ['apiVersion', 'kind', 'name', 'id', 'requirement_group', 'requirements'];
    const written = pathsOf($defs.PortingOrder ?? {}).filter((path) => !others.includes(path));
    const mappings = SETTING_PATHS.filter((path) => ruleOf(path).type === 'mapping');
    expect([...written, ...mappings].sort()).toEqual([...SETTING_PATHS].sort());
  });

  it('lists what the model lists', async () => {
    const { $defs } = await readSchema('manifest');
    const group = $defs.RequirementGroup?.properties as Record<string, Schema>;
    expect(group.phone_number_type?.enum).toEqual(PHONE_NUMBER_TYPES);
    expect(group.action?.enum).toEqual(GROUP_ACTIONS);
    for (const [kind, others] of [
      ['Address', ['apiVersion', 'kind', 'name', 'validate_address']],
      ['AddressFields', ['validate_address']],
    ] as const) {
      const keys = Object.keys($defs[kind]?.properties as object);
      expect(keys.sort()).toEqual([...ADDRESS_FIELDS, ...others].sort());
    }
    expect($defs.country_code?.enum).toHaveLength(249);
  });

  it('says of every key what it is', async () => {
    const { $defs } = await readSchema('manifest');
    const undescribed = Object.entries($defs).filter(
      ([, schema]) => typeof schema.title !== 'string' || typeof schema.description !== 'string',
    );
    expect(undescribed.map(([name]) => name)).toEqual([]);
  });
});

describe('the plan schema', () => {
  const plan: Plan = {
    format_version: '1.0',
    regsync_version: '0.0.0',
    scope: 'acme',
    fingerprint: 'a'.repeat(64),
    applyable: true,
    summary: {
      groups: { create: 1, update: 0, replace: 0, adopt: 0, delete: 0, unchanged: 0 },
      documents: { upload: 1, reuse: 0 },
      addresses: { create: 0, reuse: 0 },
      submit: 1,
      attach: 0,
      attention: 1,
    },
    changes: [
      {
        kind: 'Document',
        name: 'bill',
        id: null,
        actions: ['upload'],
        source: { file: 'groups/a.yaml', line: 1 },
        depends_on: [],
        patch: [],
        consequences: [],
        digest: 'b'.repeat(64),
        document: { path: 'documents/bill.pdf', bytes: 3 },
      },
      {
        kind: 'RequirementGroup',
        name: 'acme',
        id: null,
        actions: ['create', 'submit'],
        source: null,
        depends_on: ['Document/bill'],
        patch: [{ op: 'add', path: '/requirements/a', value: '«a41c90d2»' }],
        consequences: [],
        digest: 'c'.repeat(64),
        group: {
          verb: 'create',
          country_code: 'DE',
          phone_number_type: 'local',
          action: 'ordering',
          status: null,
          values: [
            {
              requirement_id: 'a',
              name: 'Bill',
              field_type: 'document',
              before: null,
              after: '«a41c90d2»',
              status: null,
              document: { path: 'documents/a.pdf', bytes: 690 },
            },
          ],
          deletes: [],
        },
      },
    ],
    attention: [{ code: 'expiring', name: 'bill', message: 'expires soon', expires: '2027-01-31' }],
    diagnostics: [{ severity: 'error', code: 'limit', message: 'too many' }],
    options: {
      paths: [],
      targets: [],
      ...CLOSED_GATES,
    },
    mac: 'd'.repeat(64),
  };

  it('takes a plan', () => {
    expect(validatePlan(plan), JSON.stringify(validatePlan.errors)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['another version', { ...plan, format_version: '2.0' }],
    ['a key more', { ...plan, extra: 1 }],
    ['a key less', { ...plan, mac: undefined }],
    ['a short fingerprint', { ...plan, fingerprint: 'a' }],
    ['an unknown action', { ...plan, changes: [{ ...plan.changes[0], actions: ['explode'] }] }],
    ['a group in place of a list', { ...plan, changes: {} }],
    ['nothing', null],
  ])('refuses %s', (_, value) => {
    expect(validatePlan(value)).toBe(false);
  });

  it('knows every code of an attention item', async () => {
    const codes: Record<AttentionCode, true> = {
      expiring: true,
      expired: true,
      declined: true,
      'reviewer-comment': true,
      'under-review': true,
      orphaned: true,
      'already-there': true,
      'former-scope': true,
      'no-longer-managed': true,
      'deletion-forbidden': true,
      'observed-differs': true,
      'requirements-changed': true,
      'infected-document': true,
      'denied-document': true,
      'action-required': true,
      'no-pre-approval': true,
      unfulfilled: true,
      'unknown-status': true,
      'no-longer-eligible': true,
      'order-closed': true,
      'order-incomplete': true,
      'order-declined': true,
      'order-comment': true,
      'order-exception': true,
      'order-unreadable': true,
      'order-differs': true,
      'order-masked': true,
      'order-failed': true,
      'reference-taken': true,
      'order-deadline': true,
      'order-action': true,
      'order-address-mismatch': true,
    };
    const { $defs } = await readSchema('plan');
    const properties = $defs.Attention?.properties as Record<string, { enum: string[] }>;
    expect(properties.code?.enum.toSorted()).toEqual(Object.keys(codes).sort());
  });
});

describe('the lock schema', () => {
  it('takes its own example, this repository’s lock and that of an example', async () => {
    const validate = await compile('lock');
    for (const example of (await readSchema('lock')).examples as unknown[])
      expect(validate(example)).toBe(true);
    for (const path of ['regsync.lock.yaml', 'examples/several-countries/regsync.lock.yaml']) {
      const text = await readFile(join(ROOT, path), 'utf8');
      for (const document of parseAllDocuments(text)) {
        expect(validate(document.toJS()), JSON.stringify(validate.errors)).toBe(true);
      }
      expect(parseLock(text).problems).toEqual([]);
    }
  });

  it('says of every key what it is', async () => {
    const { $defs } = await readSchema('lock');
    const undescribed = Object.entries($defs).filter(
      ([, schema]) => typeof schema.title !== 'string' || typeof schema.description !== 'string',
    );
    expect(undescribed.map(([name]) => name)).toEqual([]);
  });
});

describe('the configuration schema', () => {
  it('takes its own example', async () => {
    const validate = await compile('config');
    for (const example of (await readSchema('config')).examples as unknown[])
      expect(validate(example)).toBe(true);
  });
});
