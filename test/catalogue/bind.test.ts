import { describe, expect, it } from 'vitest';
import { bindRequirements } from '../../src/catalogue/bind.ts';
import type { Lock, LockedSet } from '../../src/model/lock.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { RequirementDefinition } from '../../src/model/requirements.ts';
import { asRemoteId, type DesiredContent, type DesiredGroup } from '../../src/model/resource.ts';
import {
  CONTACT,
  definition,
  desiredGroup,
  LOCAL_ADDRESS,
  observedGroup,
  REGISTRATION,
  TEXT_ID,
  VERIFICATION,
} from '../support/plan-inputs.ts';

const AT = (line: number) => ({ file: 'groups/a.yaml', line, column: 5 });
const text = (value = 'Compliance desk'): DesiredContent => ({ kind: 'text', text: new Sensitive(value) });
const documentById: DesiredContent = { kind: 'document_id', id: asRemoteId('doc-1') };
const addressById: DesiredContent = { kind: 'address_id', id: asRemoteId('1') };
const unread: DesiredContent = { kind: 'unread_text', variable: 'REGSYNC_VAR_X' };

function bind(
  requirements: readonly (readonly [string, DesiredContent])[],
  demanded: readonly RequirementDefinition[],
  given: Partial<DesiredGroup> = {},
  own: ReturnType<typeof observedGroup> | null = null,
  lock: Lock | null = null,
) {
  const { values: _, definitions: __, ...rest } = desiredGroup();
  const group: DesiredGroup = {
    ...rest,
    requirements: requirements.map(([requirement, content], index) => ({
      requirement,
      content,
      source: AT(index + 1),
      contentSource: AT(index + 101),
    })),
    ...given,
  };
  const catalogue = new Map([
    ['DE/local/ordering', { combination: group.combination, version: 1, requirements: demanded }],
  ]);
  const { groups, problems } = bindRequirements(
    [group],
    catalogue,
    new Map([[group.name, { group: own, superseded: [] }]]),
    lock,
  );
  return { group: groups[0], problems, codes: problems.map(({ code }) => code) };
}

describe('names become ids', () => {
  it('by name or by id, whatever case the id has', () => {
    const { group, problems } = bind(
      [
        ['Contact Info', text()],
        [REGISTRATION.id.toUpperCase(), documentById],
      ],
      [CONTACT, REGISTRATION],
    );
    expect(problems).toEqual([]);
    expect(group?.values.map(({ requirement }) => requirement.id)).toEqual([CONTACT.id, REGISTRATION.id]);
  });

  it('a misspelt name is a problem at its line, with what was likely meant', () => {
    const { problems } = bind([['Contact Imfo', text()]], [CONTACT]);
    expect(problems).toMatchObject([
      { code: 'unknown-requirement', source: AT(1), hint: 'Did you mean "Contact Info"?' },
    ]);
  });

  it('only of the first hundred wrong names it is guessed what was meant: more take long, and nobody reads them', () => {
    const wrong = Array.from({ length: 150 }, (_, index) => [`Contact Imfo${index % 7}`, text()] as const);
    const hints = bind(wrong, [CONTACT]).problems.map(({ hint }) => hint);
    expect(hints).toHaveLength(150);
    expect(hints.filter((hint) => hint?.includes('Did you mean'))).toHaveLength(100);
    expect(hints.at(-1)).toBe('Write one of "Contact Info".');
  });

  it('a name that two requirements have is an error that lists both ids, and what it knows of each', () => {
    const twin = definition('77777777-7777-4777-8777-777777777777', 'Contact Info', 'textual');
    const { problems } = bind([['Contact Info', text()]], [CONTACT, twin]);
    expect(problems[0]).toMatchObject({ code: 'ambiguous-requirement' });
    expect(problems[0]?.hint).toContain(CONTACT.id);
    expect(problems[0]?.hint).toContain(twin.id);
  });

  it('the same requirement by name and by id is one too many', () => {
    expect(
      bind(
        [
          ['Contact Info', text()],
          [CONTACT.id, text()],
        ],
        [CONTACT],
      ).codes,
    ).toEqual(['repeated-requirement']);
  });
});

describe('values are checked before anything is written', () => {
  it.each([
    ['a document for a text', CONTACT, documentById, 'wrong-value-type'],
    ['a text for a document', REGISTRATION, text(), 'wrong-value-type'],
    ['a text for an address', LOCAL_ADDRESS, text(), 'wrong-value-type'],
    ['a value for an action', VERIFICATION, text(), 'action-requirement'],
  ])('%s', (_, requirement, content, code) => {
    const { problems } = bind([[requirement.id, content]], [requirement]);
    expect(problems).toMatchObject([{ code, source: AT(101) }]);
  });

  it.each([
    ['a text, not a document', CONTACT, documentById],
    ['a text, not an address', CONTACT, addressById],
    ['a date as text, not a document', definition('date', 'Date of Birth', 'datetime'), documentById],
    ['a document, not a text', REGISTRATION, text()],
    ['a document, not a text', REGISTRATION, unread],
    ['an address, not a text', LOCAL_ADDRESS, text()],
    ['an address, not a document', LOCAL_ADDRESS, documentById],
  ])('and say what they should be: %s', (expected, requirement, content) => {
    const { problems } = bind([[requirement.id, content]], [requirement]);
    expect(problems).toMatchObject([{ message: `"${requirement.name}" takes ${expected}` }]);
  });

  it('a text that breaks its acceptance criteria, at its value, without showing it', () => {
    const short = { ...CONTACT, criteria: { ...CONTACT.criteria, maxLength: 5 } };
    const { problems } = bind([['Contact Info', text('canary-4711')]], [short]);
    expect(problems).toMatchObject([{ code: 'too-long', source: AT(101) }]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it('a requirement without a value, unless partial: true says so', () => {
    const missing = bind([['Contact Info', text()]], [CONTACT, REGISTRATION]);
    expect(missing.codes).toEqual(['missing-requirement']);
    expect(missing.problems[0]?.message).toContain('"Registration"');
    expect(bind([['Contact Info', text()]], [CONTACT, REGISTRATION], { partial: true }).codes).toEqual([]);
  });

  it('what an unread variable will fill is not missing, and what nothing fills still is', () => {
    expect(bind([['Contact Info', unread]], [CONTACT]).codes).toEqual([]);
    expect(bind([['Contact Info', unread]], [CONTACT, REGISTRATION]).codes).toEqual(['missing-requirement']);
  });

  it('an action is not missing: it cannot have a value', () => {
    expect(bind([['Contact Info', text()]], [CONTACT, VERIFICATION]).codes).toEqual([]);
  });
});

describe('names that the lock knows', () => {
  const locked = (given: Partial<LockedSet>): Lock => ({
    isSample: false,
    sets: [
      {
        combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' },
        added: false,
        version: 1,
        next: null,
        requirements: [{ ...CONTACT, formerNames: ['Contact'] }],
        former: [],
        ...given,
      },
    ],
  });
  const renamed = { ...CONTACT, name: 'Contact Person' };
  const bindLocked = (
    written: string,
    lock: Lock,
    catalogued: readonly RequirementDefinition[],
    own: ReturnType<typeof observedGroup> | null = null,
  ) => bind([[written, text()]], catalogued, {}, own, lock);

  it.each(['Contact Info', 'Contact', CONTACT.id])('%s means what it meant when it was locked', (written) => {
    const { group, codes } = bindLocked(written, locked({}), [renamed]);
    expect(codes).toEqual([]);
    expect(group?.values.map(({ requirement }) => requirement)).toEqual([renamed]);
  });

  it('even where another requirement has the name today', () => {
    const thief = definition('77777777-7777-4777-8777-777777777777', 'Contact Info', 'document');
    const { group } = bindLocked('Contact Info', locked({}), [thief, renamed]);
    expect(group?.values.map(({ requirement }) => requirement.id)).toEqual([CONTACT.id]);
  });

  it('a name that is new is looked up in the catalogue', () => {
    expect(bindLocked('Contact Person', locked({}), [renamed]).codes).toEqual([]);
  });

  it('a name that the lock gives to two requirements is an error that lists both ids', () => {
    const former = [{ id: REGISTRATION.id, name: 'Contact', formerNames: [] }];
    const { problems } = bindLocked('Contact', locked({ former }), [CONTACT]);
    expect(problems[0]).toMatchObject({ code: 'ambiguous-requirement' });
    expect(problems[0]?.hint).toContain(`${CONTACT.id} (textual) or ${REGISTRATION.id}.`);
  });

  it('what is gone from the catalogue is an error for a new group, and none for one that has it', () => {
    const former = [{ id: TEXT_ID, name: 'Contact Info', formerNames: [] }];
    const lock = locked({ requirements: [], former });
    expect(bindLocked('Contact Info', lock, []).codes).toEqual(['requirement-gone']);
    const { codes, group } = bindLocked(
      'Contact Info',
      lock,
      [],
      observedGroup({ [TEXT_ID]: 'Compliance desk' }),
    );
    expect(codes).toEqual([]);
    expect(group?.definitions).toMatchObject([{ id: TEXT_ID, name: 'Contact Info', fieldType: 'textual' }]);
  });
});

describe('a changed regulation', () => {
  const group = observedGroup({ [TEXT_ID]: 'Compliance desk' });

  it('adds nothing to a group that exists', () => {
    const { codes, group: bound } = bind([['Contact Info', text()]], [CONTACT, REGISTRATION], {}, group);
    expect(codes).toEqual([]);
    expect(bound?.definitions.map(({ id }) => id)).toEqual([CONTACT.id]);
  });

  it('does not stop a run over a value that the group holds already: that is a warning', () => {
    const tightened = { ...CONTACT, criteria: { ...CONTACT.criteria, maxLength: 5 } };
    const { problems } = bind([['Contact Info', text()]], [tightened], {}, group);
    expect(problems).toMatchObject([{ code: 'too-long', severity: 'warning', source: AT(101) }]);
    const { problems: written } = bind([['Contact Info', text('Another desk')]], [tightened], {}, group);
    expect(written).toMatchObject([{ code: 'too-long', severity: 'error' }]);
  });

  it('leaves a requirement of a group of the type that it had', () => {
    const retyped = definition(TEXT_ID, 'Contact Info', 'document');
    const { problems, group: bound } = bind([['Contact Info', text()]], [retyped], {}, group);
    expect(problems).toEqual([]);
    expect(bound?.definitions).toMatchObject([{ fieldType: 'textual' }]);
  });

  it('a date of a group stays a date, although the group calls it textual', () => {
    const date = definition(TEXT_ID, 'Date of Birth', 'datetime');
    const { group: bound } = bind([['Date of Birth', text('2000-01-31')]], [date], {}, group);
    expect(bound?.definitions).toMatchObject([{ fieldType: 'datetime' }]);
  });

  it('takes nothing from it either: what the group holds can still be stated by id', () => {
    const { codes } = bind([[TEXT_ID, text()]], [REGISTRATION], {}, group);
    expect(codes).toEqual([]);
  });
});

describe('what is said of a requirement that cannot be bound', () => {
  const twin = definition('77777777-7777-4777-8777-777777777777', 'Contact Info', 'document');
  const long = { ...twin, description: `Who to ask:\n  ${'x'.repeat(90)}` };
  const error = (code: string, message: string, hint: string, line: number) => ({
    severity: 'error',
    code,
    message,
    hint,
    source: AT(line),
  });

  it.each<
    [string, readonly (readonly [string, DesiredContent])[], readonly RequirementDefinition[], object[]]
  >([
    [
      'none is like it',
      [['Passport', text()]],
      [CONTACT, REGISTRATION],
      [
        error(
          'unknown-requirement',
          'DE local ordering has no requirement "Passport"',
          'Write one of "Contact Info", "Registration".',
          1,
        ),
      ],
    ],
    [
      'there are none',
      [['Passport', text()]],
      [],
      [
        error(
          'unknown-requirement',
          'DE local ordering has no requirement "Passport"',
          'Telnyx demands nothing for this combination: remove the entry, or correct country_code, phone_number_type or action.',
          1,
        ),
      ],
    ],
    [
      'there are many',
      [['Passport', text()]],
      Array.from({ length: 22 }, (_, index) => definition(`${index}`, `N${index}`, 'textual')),
      [
        error(
          'unknown-requirement',
          'DE local ordering has no requirement "Passport"',
          `Write one of ${Array.from({ length: 20 }, (_, index) => `"N${index}"`).join(', ')} and 2 more.`,
          1,
        ),
      ],
    ],
    [
      'an id is near',
      [['r-100', text()]],
      [definition('r-1000', 'Something Else', 'textual')],
      [
        error(
          'unknown-requirement',
          'DE local ordering has no requirement "r-100"',
          'Did you mean "r-1000"?',
          1,
        ),
      ],
    ],
    [
      'two have its name',
      [['Contact Info', text()]],
      [CONTACT, long],
      [
        error(
          'ambiguous-requirement',
          '"Contact Info" is the name of 2 requirements',
          `Write the id instead: ${CONTACT.id} (textual) or ${twin.id} (document: Who to ask: ${'x'.repeat(68)}…).`,
          1,
        ),
      ],
    ],
    [
      'it has a value already',
      [
        ['Contact Info', text()],
        [CONTACT.id, text()],
      ],
      [CONTACT],
      [
        error(
          'repeated-requirement',
          `requirement "Contact Info" (${CONTACT.id}) already has a value on line 1`,
          'Delete one of the two entries.',
          2,
        ),
      ],
    ],
    [
      'it is an action',
      [[VERIFICATION.id, text()]],
      [VERIFICATION],
      [
        error(
          'action-requirement',
          '"Identity Check" is an action, which you fulfil on each order and not in a group',
          'Remove it here, and add `partial: true`.',
          101,
        ),
      ],
    ],
    [
      'it takes something else',
      [[LOCAL_ADDRESS.id, documentById]],
      [LOCAL_ADDRESS],
      [
        error(
          'wrong-value-type',
          '"Local Address" takes an address, not a document',
          'Write address: NAME, with the name of an Address, or its fields below address:.',
          101,
        ),
      ],
    ],
    [
      'it takes a date',
      [['date', addressById]],
      [definition('date', 'Date of Birth', 'datetime')],
      [
        error(
          'wrong-value-type',
          '"Date of Birth" takes a date as text, not an address',
          'Write text: "…".',
          101,
        ),
      ],
    ],
  ])('is the next step: %s', (_, stated, demanded, problems) => {
    expect(bind(stated, demanded).problems).toEqual(problems);
  });

  it('is what it was when it was locked, where the catalogue has it no more', () => {
    const former = [{ id: TEXT_ID, name: 'Contact Info', formerNames: [] }];
    const lock: Lock = {
      isSample: false,
      sets: [
        {
          combination: desiredGroup().combination,
          added: false,
          version: 1,
          next: null,
          requirements: [],
          former,
        },
      ],
    };
    expect(bind([['Contact Info', text()]], [REGISTRATION], {}, null, lock).problems).toEqual([
      error(
        'requirement-gone',
        `DE local ordering no longer demands "Contact Info" (${TEXT_ID}), which the lock names`,
        'Remove it here, then run `regsync lock`. A new group cannot have it any more.',
        1,
      ),
    ]);
  });

  it.each([
    [[REGISTRATION], `a requirement without a value: "Registration" (${REGISTRATION.id})`],
    [
      [REGISTRATION, LOCAL_ADDRESS],
      `2 requirements without a value: "Registration" (${REGISTRATION.id}), "Local Address" (${LOCAL_ADDRESS.id})`,
    ],
  ])('is nothing where a value is missing: that is said of its group', (missing, what) => {
    expect(bind([['Contact Info', text()]], [CONTACT, ...missing]).problems).toEqual([
      {
        severity: 'error',
        code: 'missing-requirement',
        message: `group "de-local" leaves ${what}`,
        hint: 'Add the value. If you leave it out on purpose, add `partial: true`.',
        source: desiredGroup().source,
      },
    ]);
  });

  it('says nothing of what is missing beside a name that may be it', () => {
    expect(bind([['Contact Imfo', text()]], [CONTACT, REGISTRATION]).codes).toEqual(['unknown-requirement']);
  });

  it('says beside a warning what is missing', () => {
    const words = { ...CONTACT, criteria: { ...CONTACT.criteria, acceptableCharacters: 'any you like' } };
    expect(bind([['Contact Info', text()]], [words, REGISTRATION]).codes).toEqual([
      'criteria-not-checked',
      'missing-requirement',
    ]);
  });
});

describe('groups that are bound', () => {
  it('keep all that they are, with values at their places and what they are to have', () => {
    const { values: _, definitions: __, ...rest } = desiredGroup();
    const { group } = bind([['Contact Info', text()]], [CONTACT, VERIFICATION]);
    expect(group).toEqual({
      ...rest,
      values: [{ requirement: CONTACT, content: text(), source: AT(1), contentSource: AT(101) }],
      definitions: [CONTACT, VERIFICATION],
    });
  });

  it('have a value of each type by a file or by an id', () => {
    const stated = [
      [REGISTRATION.id, documentById],
      [LOCAL_ADDRESS.id, addressById],
      ['odd', documentById],
    ] as const;
    const { codes, group } = bind(stated, [REGISTRATION, LOCAL_ADDRESS, definition('odd', 'Odd', 'unknown')]);
    expect(codes).toEqual([]);
    expect(group?.values.map(({ content }) => content)).toEqual([documentById, addressById, documentById]);
  });

  it('are bound by the catalogue of their own combination', () => {
    const { values: _, definitions: __, ...rest } = desiredGroup();
    const foreign = { ...rest, requirements: [], combination: { ...rest.combination, countryCode: 'FR' } };
    const own = { ...rest, requirements: [], name: 'own' };
    const catalogue = new Map([
      ['DE/local/ordering', { combination: rest.combination, version: 1, requirements: [CONTACT] }],
    ]);
    const bound = bindRequirements([foreign, own, foreign], catalogue, new Map());
    expect(bound.groups.map(({ definitions }) => definitions)).toEqual([[], [CONTACT], []]);
    expect(bound.problems.map(({ code }) => code)).toEqual(['missing-requirement']);
  });

  it('that exist have the requirements that they were made with, each group its own', () => {
    const { values: _, definitions: __, ...rest } = desiredGroup();
    const groups = ['a', 'b', 'c', 'd'].map((name) => ({ ...rest, name, partial: true, requirements: [] }));
    const catalogue = new Map([
      ['DE/local/ordering', { combination: rest.combination, version: 1, requirements: [CONTACT] }],
    ]);
    const matches = new Map([
      ['a', { group: observedGroup({ [REGISTRATION.id]: '' }), superseded: [] }],
      ['b', { group: observedGroup({ [TEXT_ID]: '' }), superseded: [] }],
      ['c', { group: observedGroup({ [REGISTRATION.id]: '' }), superseded: [] }],
    ]);
    const bound = bindRequirements(groups, catalogue, matches);
    const undescribed = { ...definition(REGISTRATION.id, REGISTRATION.id, 'document') };
    expect(bound.groups.map(({ definitions }) => definitions)).toEqual([
      [undescribed],
      [CONTACT],
      [undescribed],
      [CONTACT],
    ]);
  });

  it('have the type that the group gives a requirement, unless it gives none', () => {
    const own = observedGroup({ [TEXT_ID]: 'x' });
    const retyped = (fieldType: 'document' | 'unknown') => ({
      ...own,
      requirements: own.requirements.map((one) => ({ ...one, fieldType })),
    });
    const definitionsOf = (group: typeof own) =>
      bind([], [CONTACT], { partial: true }, group).group?.definitions;
    expect(definitionsOf(retyped('document'))).toEqual([{ ...CONTACT, fieldType: 'document' }]);
    expect(definitionsOf(retyped('unknown'))).toEqual([CONTACT]);
  });
});

describe('a value that a group has already', () => {
  const tight = (criteria: Partial<RequirementDefinition['criteria']>) => ({
    ...CONTACT,
    criteria: { ...CONTACT.criteria, ...criteria },
  });
  const held = observedGroup({ [TEXT_ID]: 'Compliance desk\r\n' });

  it('is told to be left, with the hint of its rule where that has one', () => {
    expect(bind([['Contact Info', text()]], [tight({ maxLength: 5 })], {}, held).problems).toEqual([
      {
        severity: 'warning',
        code: 'too-long',
        message: '"Contact Info": longer than 5 characters',
        hint: 'The group already has this value, so regsync writes nothing. A reviewer may still decline it.',
        source: AT(101),
      },
    ]);
    expect(bind([['Contact Info', text()]], [tight({ regex: 'x' })], {}, held).problems).toEqual([
      {
        severity: 'warning',
        code: 'pattern-mismatch',
        message: '"Contact Info": does not match the pattern',
        hint: 'Pattern: x',
        source: AT(101),
      },
    ]);
  });
});

describe('what is not taken for something else', () => {
  const withDescription = (description: string) => ({
    ...definition('77777777-7777-4777-8777-777777777777', 'Contact Info', 'textual'),
    description,
  });

  it('is a name that the lock gives to a requirement of another combination', () => {
    const { combination } = desiredGroup();
    const foreign: LockedSet = {
      combination: { ...combination, countryCode: 'FR' },
      added: false,
      version: 1,
      next: null,
      requirements: [{ ...REGISTRATION, name: 'Contact Info', formerNames: [] }],
      former: [],
    };
    const lock: Lock = { isSample: false, sets: [foreign] };
    const { group } = bind(
      [['Contact Info', text()]],
      [CONTACT, REGISTRATION],
      { partial: true },
      null,
      lock,
    );
    expect(group?.values.map(({ requirement }) => requirement.id)).toEqual([TEXT_ID]);
  });

  it('is a value that the group holds for another requirement', () => {
    const tight = { ...CONTACT, criteria: { ...CONTACT.criteria, maxLength: 5 } };
    const own = observedGroup({ [TEXT_ID]: 'other', [REGISTRATION.id]: 'Compliance desk' });
    const { problems } = bind([['Contact Info', text()]], [tight, REGISTRATION], { partial: true }, own);
    expect(problems).toMatchObject([{ code: 'too-long', severity: 'error' }]);
  });

  it('is a text that is not read: it is no value, whether it is a text or a date', () => {
    const date = definition('date', 'Date of Birth', 'datetime');
    const stated = [
      ['Contact Info', unread],
      ['date', unread],
    ] as const;
    const { codes, group } = bind(stated, [CONTACT, date]);
    expect([codes, group?.values]).toEqual([[], []]);
  });

  it.each([
    ['  Who \n to ask ', 'textual: Who to ask'],
    ['x'.repeat(80), `textual: ${'x'.repeat(80)}`],
    ['x'.repeat(81), `textual: ${'x'.repeat(80)}…`],
    [' ', 'textual'],
  ])('is a description, as far as it is shown: %j', (description, shown) => {
    const { problems } = bind([['Contact Info', text()]], [withDescription(description), CONTACT]);
    expect(problems[0]?.hint).toContain(`(${shown}) or ${TEXT_ID}`);
  });

  it('is the end of a list: twenty names are all shown', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => definition(`${index}`, `N${index}`, 'textual'));
    expect(bind([['Passport', text()]], twenty).problems[0]?.hint).toMatch(/, "N19"\.$/);
  });
});
