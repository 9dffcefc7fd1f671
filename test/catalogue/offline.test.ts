import { describe, expect, it } from 'vitest';
import { checkAgainstLock, checkOrdersAgainstLock, findUnlocked } from '../../src/catalogue/offline.ts';
import type { Lock, LockedSet } from '../../src/model/lock.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asReference, type DesiredGroup, type DesiredNumberOrder } from '../../src/model/resource.ts';
import { CONTACT, definition, desiredGroup, REGISTRATION, TEXT_ID } from '../support/plan-inputs.ts';

const DE = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const FR = { ...DE, countryCode: 'FR' };
const GONE = { id: '99999999-9999-4999-8999-999999999999', name: 'Tax Number', formerNames: ['VAT'] };

function lockOf(...sets: Partial<LockedSet>[]): Lock {
  return {
    isSample: false,
    sets: sets.map((given) => ({
      combination: DE,
      added: false,
      version: 1,
      next: null,
      requirements: [{ ...CONTACT, formerNames: ['Contact'] }],
      former: [],
      ...given,
    })),
  };
}

const at = (line: number) => ({ file: 'groups/a.yaml', line, column: 5 });
const stated = (requirement: string, line: number, text = 'Compliance desk') => ({
  requirement,
  content: { kind: 'text' as const, text: new Sensitive(text) },
  source: at(line),
  contentSource: at(line + 100),
});

function group(names: readonly string[], given: Partial<DesiredGroup> = {}): DesiredGroup {
  const { values: _, definitions: __, ...rest } = desiredGroup();
  return { ...rest, requirements: names.map((name, index) => stated(name, index + 1)), ...given };
}

describe('a group checked against the lock', () => {
  it.each(['Contact Info', 'Contact', TEXT_ID, TEXT_ID.toUpperCase()])(
    'may name what is demanded as %s',
    (name) => {
      expect(checkAgainstLock([group([name])], lockOf({}))).toEqual([]);
    },
  );

  it('names something unknown, which may only not be locked yet', () => {
    expect(checkAgainstLock([group(['Contact Imfo'])], lockOf({}))).toEqual([
      {
        severity: 'error',
        code: 'unknown-requirement',
        message: 'DE local ordering has no requirement "Contact Imfo"',
        hint: 'Did you mean "Contact Info"? If Telnyx has added it since, run `regsync lock`.',
        source: at(1),
      },
    ]);
  });

  it('breaks what is demanded, as it would in a plan', () => {
    const short = { ...CONTACT, criteria: { ...CONTACT.criteria, maxLength: 5 }, formerNames: [] };
    const problems = checkAgainstLock([group(['Contact Info'])], lockOf({ requirements: [short] }));
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'too-long',
        message: '"Contact Info": longer than 5 characters',
        source: at(101),
      },
    ]);
  });

  it.each(['Tax Number', 'VAT', GONE.id])('may hold what is no longer demanded: %s', (name) => {
    expect(checkAgainstLock([group([name, 'Contact'])], lockOf({ former: [GONE] }))).toEqual([
      {
        severity: 'notice',
        code: 'requirement-gone',
        message: `DE/local/ordering no longer demands ${JSON.stringify(name)}`,
        hint: 'Remove it unless your group was made before: a new group cannot have it.',
        source: at(1),
      },
    ]);
  });

  it('means by a name what is demanded now, although something else had it before', () => {
    const former = [{ ...GONE, name: 'Contact Info', formerNames: [] }];
    expect(checkAgainstLock([group([TEXT_ID])], lockOf({ former }))).toEqual([]);
    const [problem, ...others] = checkAgainstLock([group(['Contact Info'])], lockOf({ former }));
    expect([problem?.code, others]).toEqual(['ambiguous-requirement', []]);
  });

  it('is not checked where the lock does not know its combination, and that is said once', () => {
    const groups = [
      group(['Whatever'], { combination: FR, source: at(7) }),
      group(['Whatever'], { combination: FR, source: at(8) }),
      group(['Contact']),
    ];
    const notices = [
      {
        severity: 'notice',
        code: 'not-locked',
        message:
          'regsync.lock.yaml does not contain FR/local/ordering, so validate does not check its requirements',
        hint: 'Run `regsync lock`.',
        source: at(7),
      },
    ];
    expect(checkAgainstLock(groups, lockOf({}))).toEqual(notices);
    expect(findUnlocked(groups, lockOf({}))).toEqual(notices);
    expect(findUnlocked(groups, lockOf({}, { combination: FR }))).toEqual([]);
  });
});

describe('an order checked against the lock', () => {
  const order: DesiredNumberOrder = {
    kind: 'number_order',
    name: 'berlin',
    reference: asReference('regsync/acme/order/berlin'),
    statesReference: false,
    id: null,
    phoneNumbers: [],
    settings: [],
    requirements: [stated(REGISTRATION.id.toUpperCase(), 3), stated('unknown', 4)],
    source: at(1),
  } as unknown as DesiredNumberOrder;

  it('has values of the types that any combination demands, by id', () => {
    const lock = lockOf({}, { combination: FR, requirements: [{ ...REGISTRATION, formerNames: [] }] });
    expect(checkOrdersAgainstLock([order], lock)).toEqual([
      {
        severity: 'error',
        code: 'wrong-value-type',
        message: '"Registration" takes a document, not a text',
        hint: 'Write document: { file: PATH }, with a path relative to this manifest.',
        source: at(103),
      },
    ]);
    expect(checkOrdersAgainstLock([order], lockOf({}))).toEqual([]);
  });
});

it('a requirement that is only described offline is taken as the lock describes it', () => {
  const date = { ...definition(TEXT_ID, 'Date of Birth', 'datetime'), formerNames: [] };
  const problems = checkAgainstLock([group([TEXT_ID])], lockOf({ requirements: [date] }));
  expect(problems.map(({ code }) => code)).toEqual(['not-a-date']);
});
