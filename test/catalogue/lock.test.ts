import { describe, expect, it } from 'vitest';
import { addedCombinations, lockedCatalogue, makeLock } from '../../src/catalogue/lock.ts';
import { compareLocks } from '../../src/catalogue/lock-changes.ts';
import { digestOf } from '../../src/catalogue/lock-document.ts';
import { serialiseLock } from '../../src/catalogue/lock-text.ts';
import type { Schedule } from '../../src/catalogue/schedule.ts';
import { parseLock } from '../../src/manifest/lock-file.ts';
import type { Lock, ScheduledVersion } from '../../src/model/lock.ts';
import type { AcceptanceCriteria, Catalogue, RequirementDefinition } from '../../src/model/requirements.ts';
import { INVISIBLE } from '../../src/model/text/visible.ts';
import { runs } from '../properties/runs.ts';
import { fc } from '../support/fast-check.ts';
import { CONTACT, definition, REGISTRATION } from '../support/plan-inputs.ts';

const KEY = 'DE/local/ordering';

function live(requirements: readonly RequirementDefinition[], version: number | null = 1): Catalogue {
  const combination = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
  return new Map([[KEY, { combination, version, requirements }]]);
}

function lockOf(
  catalogue: Catalogue,
  given: { previous?: Lock | null; added?: readonly string[]; schedule?: Schedule } = {},
): Lock {
  const { previous = null, added = [], schedule = new Map() } = given;
  return makeLock(catalogue, schedule, { previous, added: new Set(added), isSample: false });
}

const withCriteria = (criteria: Partial<AcceptanceCriteria>): RequirementDefinition => ({
  ...CONTACT,
  criteria: { ...CONTACT.criteria, ...criteria },
});

describe('the text of a lock', () => {
  it('reads well in a difference: a line for each fact, sorted', () => {
    const contact = {
      ...withCriteria({ maxLength: 20, acceptableValues: ['yes', 'b'], regex: '^[a-z: #]+$' }),
      description: 'Name, company: and phone\nof the person\n\nto contact',
      example: '+49 30 0000000',
    };
    const next: ScheduledVersion = {
      version: 4,
      effectiveAt: '2027-01-01T00:00:00.000Z',
      adds: [{ id: 'b', name: 'New One' }],
      removes: [],
    };
    const lock = lockOf(live([REGISTRATION, contact], 3), { schedule: new Map([[KEY, next]]), added: [KEY] });
    expect(serialiseLock(lock)).toBe(`\
# Written by \`regsync lock\`: what Telnyx demanded when it was last asked. Review what changes; do not edit it.
apiVersion: regsync/v1
kind: Lock
format_version: "1.0"
combinations:
  - combination: DE/local/ordering
    added: true
    version: 3
    next:
      version: 4
      effective_at: "2027-01-01T00:00:00.000Z"
      adds:
        - id: b
          name: New One
    requirements:
      - id: 11111111-1111-4111-8111-111111111111
        name: Contact Info
        field_type: textual
        description: |-
          Name, company: and phone
          of the person

          to contact
        example: "+49 30 0000000"
        acceptance_criteria:
          max_length: 20
          acceptable_values:
            - b
            - "yes"
          regex: "^[a-z: #]+$"
      - id: 22222222-2222-4222-8222-222222222222
        name: Registration
        field_type: document
    digest: ${/sha256:\w+/.exec(serialiseLock(lock))?.[0]}
`);
  });

  it.each<[string, readonly string[]]>([
    ['Which person?', ['"Which person?"']],
    ['Which person', ['Which person']],
    ['at 9:30', ['at 9:30']],
    ['Note: a name', ['"Note: a name"']],
    ['yes', ['"yes"']],
    ['yes sir', ['yes sir']],
    ['no \\ "quotes"', ['"no \\\\ \\"quotes\\""']],
    ['x 11111111-1111-4111-8111-111111111111', ['x 11111111-1111-4111-8111-111111111111']],
    ['1 11111111-1111-4111-8111-111111111111', ['"1 11111111-1111-4111-8111-111111111111"']],
    ['11111111-1111-4111-8111-111111111111', ['11111111-1111-4111-8111-111111111111']],
    ['11111111-1111-4111-8111-111111111111: x', ['"11111111-1111-4111-8111-111111111111: x"']],
    ['a\n\nb', ['|-', '          a', '', '          b']],
    ["a: 'b'\n# c", ['|-', "          a: 'b'", '          # c']],
    ['\nb', ['"\\nb"']],
    ['a\n', ['"a\\n"']],
    ['a\n b', ['"a\\n b"']],
    ['a \nb', ['"a \\nb"']],
    ['a\n\tb', ['"a\\n\\u0009b"']],
    ['a\uffff', ['"a\\uffff"']],
    ['a\u{e0001}', ['"a\\U000e0001"']],
    ['\u{1f600}', ['"\u{1f600}"']],
  ])('has the description %j in a form that neither a reader nor a person misreads', (description, lines) => {
    const { sets, isSample } = lockOf(live([CONTACT]));
    const described = sets.map((set) => ({
      ...set,
      requirements: set.requirements.map((requirement) => ({ ...requirement, description })),
    }));
    const text = serialiseLock({ isSample, sets: described });
    const [, written] = /\n {8}description: ([\s\S]*?)\n(?: {4,8}\w)/.exec(text) ?? [];
    expect(written?.split('\n')).toEqual(lines);
    expect(parseLock(text).lock?.sets).toEqual(described);
  });

  it('is the same whatever order the catalogue comes in', () => {
    expect(serialiseLock(lockOf(live([REGISTRATION, CONTACT])))).toBe(
      serialiseLock(lockOf(live([CONTACT, REGISTRATION]))),
    );
  });

  it('comes back as it was, whatever the API said, and shows everything that it says', () => {
    fc.assert(
      fc.property(anyLock, (lock) => {
        const text = serialiseLock(lock);
        expect(parseLock(text)).toEqual({ lock, problems: [] });
        expect(text.replaceAll('\n', '').match(INVISIBLE)).toBeNull();
        expect(serialiseLock(lock)).toBe(text);
      }),
      runs(150),
    );
  });
});

/** What an API may say: words, YAML, and what nobody expects. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    ...[
      'true',
      'null',
      '~',
      '1e3',
      '0x1f',
      '- a',
      '? b',
      'a: b',
      'a #b',
      '"',
      "'",
      '|',
      '>-',
      '{',
      '[',
      '&a',
      '*a',
    ],
    ...[
      '!!js',
      '%YAML',
      '---',
      '...',
      '<<',
      '=',
      'yes',
      '2027-01-01',
      '\ud800',
      '\u2028',
      '\ufeff',
      'a\r\nb',
      'a\n\n b',
    ],
    ...[
      'a\n---\nb',
      ' x ',
      '#',
      'a\tb',
      '\n',
      'a\n\n\nb',
      '\u{1f600}',
      '\u{e0001}',
      'x\u202ey',
      'a\n \nb',
      '<<<<<<< x',
    ],
    ...['a\n<<<<<<< x\nb', '=======', 'a\n=======\nb', '\u0085', '\ufffe'],
  ),
);
const nothing = fc.constant(null);
const anyDefinition: fc.Arbitrary<RequirementDefinition> = fc.record({
  id: fc.uuid(),
  name: anyText,
  fieldType: fc.constantFrom('textual', 'datetime', 'document', 'address', 'action', 'unknown'),
  description: anyText,
  example: anyText,
  criteria: fc.record({
    minLength: fc.oneof(nothing, fc.nat()),
    maxLength: fc.oneof(nothing, fc.double({ noNaN: true, noDefaultInfinity: true })),
    acceptableCharacters: fc.oneof(
      nothing,
      anyText.filter((text) => text !== ''),
    ),
    acceptableValues: fc.array(
      anyText.filter((text) => text !== ''),
      { maxLength: 3 },
    ),
    regex: fc.oneof(
      nothing,
      anyText.filter((text) => text !== ''),
    ),
    caseSensitive: fc.constantFrom(null, true, false),
    timeLimit: fc.oneof(nothing, anyText),
    localityLimit: fc.oneof(nothing, anyText),
  }),
});
const anyNext: fc.Arbitrary<ScheduledVersion> = fc.record({
  version: fc.nat(),
  effectiveAt: fc.oneof(nothing, anyText),
  adds: fc.array(fc.record({ id: fc.uuid(), name: anyText }), { maxLength: 2 }),
  removes: fc.array(fc.record({ id: fc.uuid(), name: anyText }), { maxLength: 2 }),
});
const anyLock: fc.Arbitrary<Lock> = fc
  .record({
    requirements: fc.uniqueArray(anyDefinition, { maxLength: 3, selector: ({ id }) => id }),
    renamed: anyText,
    version: fc.oneof(nothing, fc.nat()),
    next: fc.oneof(nothing, anyNext),
    isAdded: fc.boolean(),
  })
  .map(({ requirements, renamed, version, next, isAdded }) => {
    const past = requirements.map((requirement) => ({ ...requirement, name: renamed }));
    const previous = lockOf(live([...past, { ...CONTACT, name: renamed }]));
    return lockOf(live(requirements, version), {
      previous,
      added: isAdded ? [KEY] : [],
      schedule: next === null ? new Map() : new Map([[KEY, next]]),
    });
  });

describe('what is read back', () => {
  const textOf = () => serialiseLock(lockOf(live([withCriteria({ maxLength: 20 }), REGISTRATION])));
  const placesOf = (changed: string): string[] =>
    parseLock(changed).problems.map(({ code, source }) => `${source?.file}:${source?.line} ${code}`);

  it('every fact is guarded: a line changed by hand shows at its combination', () => {
    const text = textOf();
    for (const [from, to] of [
      ['version: 1\n', 'version: 2\n'],
      ['max_length: 20', 'max_length: 200'],
      ['name: Contact Info', 'name: Contact'],
      ['field_type: document', 'field_type: textual'],
      [
        '        name: Registration\n',
        '        name: Registration\n        former_names:\n          - Extract\n',
      ],
      ['    version: 1\n', '    added: true\n    version: 1\n'],
    ] as const) {
      expect(text).toContain(from);
      expect(placesOf(text.replace(from, to))).toEqual(['regsync.lock.yaml:6 lock-edited']);
    }
  });

  it('whatever stands in the file: a lock or a problem with a line, never an exception', () => {
    const text = textOf();
    const cut = fc.tuple(
      fc.nat(text.length),
      fc.nat(20),
      fc.oneof(anyText, fc.constantFrom('[', '{', '- ', ': ')),
    );
    fc.assert(
      fc.property(cut, ([at, length, inserted]) => {
        const { lock, problems } = parseLock(text.slice(0, at) + inserted + text.slice(at + length));
        expect(lock === null && problems.length === 0).toBe(false);
        for (const problem of problems) expect(problem.source?.line).toBeGreaterThan(0);
      }),
      runs(200),
    );
  });

  it('its form is free: only what it says counts', () => {
    const text = textOf();
    expect(parseLock(text.replaceAll('\n', '\r\n')).problems).toEqual([]);
    expect(parseLock(text.replace('name: Registration', "name: 'Registration' # seen")).problems).toEqual([]);
  });

  it.each<[string, (text: string) => string, string]>([
    ['a newer format', (text) => text.replace('"1.0"', '"2.0"'), 'regsync.lock.yaml:4 other-lock-format'],
    [
      'an unknown key',
      (text) => text.replace('version: 1\n', 'revision: 1\n'),
      'regsync.lock.yaml:7 unknown-key',
    ],
    ['a key less', (text) => text.replace(/ {4}digest.*\n/, ''), 'regsync.lock.yaml:6 missing-key'],
    [
      'conflict marks',
      (text) => text.replace('combinations:', '<<<<<<< HEAD\ncombinations:'),
      'regsync.lock.yaml:5 merge-conflict',
    ],
    [
      'no YAML',
      (text) => text.replace('combinations:', 'combinations: {'),
      'regsync.lock.yaml:6 invalid-yaml',
    ],
    [
      'another file',
      () => 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n',
      'regsync.lock.yaml:2 not-a-lock',
    ],
    ['an empty file', () => '', 'regsync.lock.yaml:1 empty-manifest'],
    ['a list', () => '[]', 'regsync.lock.yaml:1 not-a-lock'],
    [
      'a combination twice',
      (text) => text + text.split('combinations:\n')[1],
      'regsync.lock.yaml:18 duplicate-name',
    ],
    ['a deep one', () => `kind: ${'['.repeat(1000)}`, 'regsync.lock.yaml:1 too-deep'],
  ])('%s is no lock, at its line, and says how to mend it', (_, change, place) => {
    const changed = change(textOf());
    const { lock, problems } = parseLock(changed);
    expect(lock).toBeNull();
    expect(placesOf(changed)).toContain(place);
    expect(problems[0]?.hint).toMatch(/regsync lock|version of regsync/);
  });
});

describe('a lock that is written again', () => {
  const before = lockOf(live([CONTACT, REGISTRATION]));
  const changesTo = (requirement: RequirementDefinition, from = CONTACT) => {
    const previous = lockOf(live([from]));
    const [change] = compareLocks(previous, lockOf(live([requirement]), { previous }));
    return change?.requirements.map(({ kind, detail }) => `${kind} ${detail}`.trim());
  };

  it('tells what came, what went and what stayed', () => {
    const added = definition('33333333-0000-4000-8000-000000000000', 'Added', 'textual');
    const after = lockOf(live([CONTACT, added], 2), { previous: before });
    const [change] = compareLocks(before, after);
    expect(change).toMatchObject({
      combination: KEY,
      status: 'changed',
      before: { version: 1 },
      after: { version: 2 },
    });
    expect(change?.requirements).toMatchObject([
      { kind: 'removed', name: 'Registration' },
      { kind: 'added', name: 'Added' },
    ]);
    expect(compareLocks(before, before)).toMatchObject([{ status: 'unchanged', requirements: [] }]);
    expect(compareLocks(null, before)).toMatchObject([{ status: 'added' }]);
    expect(compareLocks(before, { isSample: false, sets: [] })).toMatchObject([{ status: 'dropped' }]);
  });

  it.each<[string, Partial<AcceptanceCriteria>, Partial<AcceptanceCriteria>, string]>([
    ['a first limit', {}, { maxLength: 20 }, 'tightened max_length none → 20'],
    ['a lower one', { maxLength: 50 }, { maxLength: 20 }, 'tightened max_length 50 → 20'],
    ['a higher one', { maxLength: 20 }, { maxLength: 50 }, 'loosened max_length 20 → 50'],
    ['none any more', { minLength: 3 }, {}, 'loosened min_length 3 → none'],
    ['a higher least', { minLength: 3 }, { minLength: 4 }, 'tightened min_length 3 → 4'],
    [
      'fewer values',
      { acceptableValues: ['a', 'b'] },
      { acceptableValues: ['a'] },
      'tightened acceptable_values "a", "b" → "a"',
    ],
    [
      'other values',
      { acceptableValues: ['a'] },
      { acceptableValues: ['b'] },
      'changed acceptable_values "a" → "b"',
    ],
    ['any value', { acceptableValues: ['a'] }, {}, 'loosened acceptable_values "a" → none'],
    [
      'more characters',
      { acceptableCharacters: '0-9' },
      { acceptableCharacters: '0-9A-Z' },
      'loosened acceptable_characters "0-9" → "0-9A-Z"',
    ],
    [
      'characters in words',
      { acceptableCharacters: '0-9' },
      { acceptableCharacters: 'any digit you like' },
      'changed acceptable_characters "0-9" → "any digit you like"',
    ],
    ['a pattern', {}, { regex: '^x$' }, 'tightened regex none → "^x$"'],
    ['another pattern', { regex: '^y$' }, { regex: '^x$' }, 'changed regex "^y$" → "^x$"'],
    [
      'capitals that matter',
      { caseSensitive: false },
      { caseSensitive: true },
      'tightened case_sensitive false → true',
    ],
    [
      'a shorter time',
      { timeLimit: 'Less than 6 months' },
      { timeLimit: 'Less than 1 month' },
      'changed time_limit "Less than 6 months" → "Less than 1 month"',
    ],
  ])('%s', (_, was, is, expected) => {
    expect(changesTo(withCriteria(is), withCriteria(was))).toEqual([expected]);
  });

  it('tells its changes in the order of the requirements, not of the catalogue', () => {
    const others = ['b', 'a', 'd', 'c'].map((letter) => definition(letter, letter, 'textual'));
    const empty = lockOf(live([]));
    const changes = (before: Lock, after: Lock) =>
      compareLocks(before, after).flatMap(({ requirements }) =>
        requirements.map(({ kind, id }) => [kind, id]),
      );
    const full = lockOf(live(others));
    const turned = {
      ...full,
      sets: full.sets.map((set) => ({ ...set, requirements: set.requirements.toReversed() })),
    };
    expect(changes(empty, turned)).toEqual([...'abcd'].map((id) => ['added', id]));
    expect(changes(turned, empty)).toEqual([...'abcd'].map((id) => ['removed', id]));
  });

  it('tells rules that became tighter from those that became looser beside them', () => {
    expect(
      changesTo(withCriteria({ minLength: 1, maxLength: 9 }), withCriteria({ minLength: 2, maxLength: 10 })),
    ).toEqual(['tightened max_length 10 → 9', 'loosened min_length 2 → 1']);
  });

  it('another type, another name, other words', () => {
    expect(changesTo({ ...CONTACT, fieldType: 'document' })).toEqual(['type-changed textual → document']);
    expect(changesTo({ ...CONTACT, name: 'Contact Person' })).toEqual(['renamed from "Contact Info"']);
    expect(changesTo({ ...CONTACT, description: 'Who?', example: 'Jo' })).toEqual([
      'reworded description and example',
    ]);
  });

  it('keeps names for good, also when a requirement is renamed twice and back', () => {
    const rename = (previous: Lock, name: string) => lockOf(live([{ ...CONTACT, name }]), { previous });
    const names = (lock: Lock) =>
      lock.sets[0]?.requirements.map(({ name, formerNames }) => [name, ...formerNames]);
    const once = rename(lockOf(live([CONTACT])), 'Contact Person');
    const twice = rename(once, 'Caller');
    expect(names(twice)).toEqual([['Caller', 'Contact Info', 'Contact Person']]);
    expect(names(rename(twice, 'Contact Info'))).toEqual([['Contact Info', 'Caller', 'Contact Person']]);
  });

  it('remembers what is no longer demanded, until it is demanded again', () => {
    const without = lockOf(live([CONTACT]), { previous: lockOf(live([CONTACT, REGISTRATION])) });
    expect(without.sets[0]?.former).toEqual([{ id: REGISTRATION.id, name: 'Registration', formerNames: [] }]);
    expect(parseLock(serialiseLock(without))).toEqual({ lock: without, problems: [] });
    const later = lockOf(live([CONTACT]), { previous: without });
    expect(later).toEqual(without);
    const back = lockOf(live([CONTACT, { ...REGISTRATION, name: 'Extract' }]), { previous: later });
    expect(back.sets[0]?.former).toEqual([]);
    expect(back.sets[0]?.requirements[1]).toMatchObject({ name: 'Extract', formerNames: ['Registration'] });
  });

  it('lists what is no longer demanded by id, however it was listed', () => {
    const letters = (text: string) => [...text].map((letter) => definition(letter, letter, 'textual'));
    const first = lockOf(live(letters('cb')));
    const second = lockOf(live(letters('a')), { previous: first });
    const third = lockOf(live([]), { previous: second });
    expect(third.sets[0]?.former.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('knows what was asked for with --add', () => {
    expect(addedCombinations(null)).toEqual([]);
    expect(addedCombinations(before)).toEqual([]);
    expect(addedCombinations(lockOf(live([CONTACT]), { added: [KEY] }))).toMatchObject([
      { countryCode: 'DE' },
    ]);
  });
});

describe('a lock in its normal form', () => {
  it('says the same in the same way, however the catalogue writes it', () => {
    const odd: RequirementDefinition = {
      ...CONTACT,
      name: ' Contact\r\nInfo\ud800 ',
      description: '\rWho\r\nto ask\n',
      example: ' x\udc00',
      criteria: {
        minLength: -0,
        maxLength: 20,
        acceptableCharacters: 'a\ud800',
        acceptableValues: ['b', 'a', 'b', '\ud800'],
        regex: '\udc00',
        caseSensitive: false,
        timeLimit: ' \r\n ',
        localityLimit: ' Same\rcountry ',
      },
    };
    const [set] = lockOf(live([odd])).sets;
    expect(set?.requirements).toEqual([
      {
        id: CONTACT.id,
        name: 'Contact\nInfo\ufffd',
        formerNames: [],
        fieldType: 'textual',
        description: 'Who\nto ask',
        example: 'x\ufffd',
        criteria: {
          minLength: 0,
          maxLength: 20,
          acceptableCharacters: 'a\ufffd',
          acceptableValues: ['a', 'b', '\ufffd'],
          regex: '\ufffd',
          caseSensitive: false,
          timeLimit: null,
          localityLimit: 'Same\ncountry',
        },
      },
    ]);
  });

  it('calls what has no name by its id, today and in what is scheduled', () => {
    const next: ScheduledVersion = {
      version: 2,
      effectiveAt: 'then\ud800',
      adds: [
        { id: 'z', name: ' ' },
        { id: 'b', name: ' New\r\nOne ' },
      ],
      removes: [
        { id: 'y', name: 'Y' },
        { id: 'a', name: '' },
      ],
    };
    const lock = lockOf(live([{ ...CONTACT, name: ' ' }], null), { schedule: new Map([[KEY, next]]) });
    expect(lock.sets).toMatchObject([
      {
        added: false,
        version: null,
        next: {
          version: 2,
          effectiveAt: 'then\ufffd',
          adds: [
            { id: 'b', name: 'New\nOne' },
            { id: 'z', name: 'z' },
          ],
          removes: [
            { id: 'a', name: 'a' },
            { id: 'y', name: 'Y' },
          ],
        },
        requirements: [{ id: CONTACT.id, name: CONTACT.id }],
      },
    ]);
  });

  it('is sorted by combination, and within one by id', () => {
    const set = (countryCode: string, requirements = [REGISTRATION, CONTACT]) => ({
      combination: { countryCode, phoneNumberType: 'local', action: 'ordering' },
      version: 1,
      requirements,
    });
    const catalogue = new Map(
      ['FR', 'AT', 'DE'].map((country) => [`${country}/local/ordering`, set(country)]),
    );
    const lock = lockOf(catalogue);
    expect(lock.sets.map(({ combination }) => combination.countryCode)).toEqual(['AT', 'DE', 'FR']);
    const emptied = [...catalogue].map(
      ([key, { combination }]) => [key, set(combination.countryCode, [])] as const,
    );
    const later = lockOf(new Map(emptied), { previous: lock });
    for (const { former } of later.sets)
      expect(former.map(({ id }) => id)).toEqual([CONTACT.id, REGISTRATION.id]);
  });

  it('has digests that no later version of regsync may compute otherwise', () => {
    const contact = {
      ...withCriteria({
        minLength: 1,
        maxLength: 20,
        acceptableCharacters: 'a-z',
        acceptableValues: ['b', 'a'],
        regex: '^x$',
        caseSensitive: true,
        timeLimit: 'Current',
        localityLimit: 'Same country',
      }),
      description: 'Who to ask',
      example: 'Jo Example',
    };
    const next: ScheduledVersion = {
      version: 4,
      effectiveAt: '2027-01-01T00:00:00.000Z',
      adds: [{ id: 'b', name: 'New' }],
      removes: [{ id: 'c', name: 'Old' }],
    };
    const previous = lockOf(live([{ ...contact, name: 'Before' }, REGISTRATION]));
    const full = lockOf(live([contact], 3), { previous, added: [KEY], schedule: new Map([[KEY, next]]) });
    const bare = lockOf(live([CONTACT], null), {
      schedule: new Map([[KEY, { version: 2, effectiveAt: null, adds: [], removes: [] }]]),
    });
    expect([full, bare].map((lock) => lock.sets.map(digestOf))).toEqual([
      ['sha256:20a91eb6d18deabafd685db3ff1f6dcef2f1e582fdb4adfd073380814c4b7da0'],
      ['sha256:a5556871f3305aeb8f27be44bbf2b32af81ac6be046dc6bd5bb190aaeb7ff1a0'],
    ]);
    expect(parseLock(serialiseLock(full))).toEqual({ lock: full, problems: [] });
    expect(parseLock(serialiseLock(bare))).toEqual({ lock: bare, problems: [] });
    expect(parseLock(serialiseLock({ ...bare, isSample: true })).lock).toEqual({ ...bare, isSample: true });
  });
});

describe('a text in a lock', () => {
  it.each([
    ['Contact Info', 'Contact Info'],
    ["Name (of a person); e.g. Jo's, a/b - c+d_1", "Name (of a person); e.g. Jo's, a/b - c+d_1"],
    ['a:b', 'a:b'],
    ['a: b', '"a: b"'],
    ['a:', '"a:"'],
    ['ends ', '"ends "'],
    ['1 begins', '"1 begins"'],
    ['true', '"true"'],
    ['NO', '"NO"'],
    ['y', '"y"'],
    ['yes and no', 'yes and no'],
    ['a #b', '"a #b"'],
    ['a "b" \\c', '"a \\"b\\" \\\\c"'],
    ['a\tb', '"a\\u0009b"'],
    ['a\u202eb', '"a\\u202eb"'],
    ['a\u{e0001}b', '"a\\U000e0001b"'],
    ['a\ufdd0b', '"a\\ufdd0b"'],
    ['é', '"é"'],
    [' \nb', '" \\nb"'],
    ['a\n ', '"a\\n "'],
    ['a\n b', '"a\\n b"'],
    ['a \nb', '"a \\nb"'],
    ['a\u202e\nb', '"a\\u202e\\nb"'],
    ['a\n\nb: c #d', '|-\n          a\n\n          b: c #d'],
    ['22222222-2222-4222-8222-222222222222', '22222222-2222-4222-8222-222222222222'],
    ['x22222222-2222-4222-8222-222222222222', 'x22222222-2222-4222-8222-222222222222'],
    ['22222222-2222-4222-8222-2222222222220', '"22222222-2222-4222-8222-2222222222220"'],
  ])('is written so that nobody can take it for something else: %j', (text, written) => {
    const requirement = { ...CONTACT, formerNames: [], description: text };
    const combination = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
    const lock: Lock = {
      isSample: false,
      sets: [{ combination, added: false, version: 1, next: null, requirements: [requirement], former: [] }],
    };
    expect(serialiseLock(lock)).toContain(`\n        description: ${written}\n    digest: `);
  });

  it('is an empty list where nothing is demanded', () => {
    expect(serialiseLock(lockOf(live([])))).toContain('\n    requirements: []\n');
  });
});

describe('what changed between two locks', () => {
  const set = (countryCode: string, requirements: readonly RequirementDefinition[]) =>
    [
      `${countryCode}/local/ordering`,
      {
        combination: { countryCode, phoneNumberType: 'local', action: 'ordering' },
        version: 1,
        requirements,
      },
    ] as const;

  it('is told for each combination, sorted, with both states of it', () => {
    const before = lockOf(new Map([set('FR', [CONTACT]), set('DE', [CONTACT])]));
    const after = lockOf(new Map([set('FR', [REGISTRATION]), set('AT', [CONTACT])]));
    const [oldDe, oldFr] = before.sets;
    const [newAt, newFr] = after.sets;
    const change = (kind: string, { id, name }: RequirementDefinition) => ({ kind, id, name, detail: '' });
    expect(compareLocks(before, after)).toEqual([
      { combination: 'AT/local/ordering', status: 'added', before: null, after: newAt, requirements: [] },
      { combination: 'DE/local/ordering', status: 'dropped', before: oldDe, after: null, requirements: [] },
      {
        combination: 'FR/local/ordering',
        status: 'changed',
        before: oldFr,
        after: newFr,
        requirements: [change('removed', CONTACT), change('added', REGISTRATION)],
      },
    ]);
  });

  it('is told of one requirement in one order: its type, its rules, its name, its words', () => {
    const was = { ...withCriteria({ minLength: 1, maxLength: 9, regex: 'x' }), description: 'a' };
    const is: RequirementDefinition = {
      ...withCriteria({ minLength: 2, maxLength: 10, regex: 'y', timeLimit: 'Current' }),
      name: 'Contact Person',
      fieldType: 'datetime',
      description: 'b',
    };
    const previous = lockOf(live([was]));
    const [change] = compareLocks(previous, lockOf(live([is]), { previous }));
    const common = { id: CONTACT.id, name: 'Contact Person' };
    expect(change?.requirements).toEqual([
      { ...common, kind: 'type-changed', detail: 'textual → datetime' },
      { ...common, kind: 'tightened', detail: 'min_length 1 → 2; time_limit none → "Current"' },
      { ...common, kind: 'changed', detail: 'regex "x" → "y"' },
      { ...common, kind: 'loosened', detail: 'max_length 9 → 10' },
      { ...common, kind: 'renamed', detail: 'from "Contact Info"' },
      { ...common, kind: 'reworded', detail: 'description' },
    ]);
  });

  it.each<[Partial<AcceptanceCriteria>, Partial<AcceptanceCriteria>, string]>([
    [{}, { minLength: 3 }, 'tightened min_length none → 3'],
    [{}, { minLength: 0 }, 'changed min_length none → 0'],
    [{ maxLength: 20 }, {}, 'loosened max_length 20 → none'],
    [
      { acceptableValues: ['a'] },
      { acceptableValues: ['a', 'b'] },
      'loosened acceptable_values "a" → "a", "b"',
    ],
    [{}, { acceptableValues: ['a'] }, 'tightened acceptable_values none → "a"'],
    [
      { acceptableValues: ['a', 'b'] },
      { acceptableValues: ['b', 'c'] },
      'changed acceptable_values "a", "b" → "b", "c"',
    ],
    [{}, { acceptableCharacters: '0-9' }, 'tightened acceptable_characters none → "0-9"'],
    [{ acceptableCharacters: '0-9' }, {}, 'loosened acceptable_characters "0-9" → none'],
    [
      { acceptableCharacters: '0-9' },
      { acceptableCharacters: '0-8' },
      'tightened acceptable_characters "0-9" → "0-8"',
    ],
    [
      { acceptableCharacters: '0-9' },
      { acceptableCharacters: '0123456789' },
      'changed acceptable_characters "0-9" → "0123456789"',
    ],
    [
      { acceptableCharacters: 'any digit' },
      { acceptableCharacters: '0-9' },
      'changed acceptable_characters "any digit" → "0-9"',
    ],
    [{ regex: 'x' }, {}, 'loosened regex "x" → none'],
    [{ caseSensitive: true }, {}, 'loosened case_sensitive true → none'],
    [{}, { caseSensitive: true }, 'tightened case_sensitive none → true'],
    [{}, { caseSensitive: false }, 'loosened case_sensitive none → false'],
    [{ caseSensitive: false }, {}, 'tightened case_sensitive false → none'],
    [{ timeLimit: 'Current' }, {}, 'loosened time_limit "Current" → none'],
    [{}, { localityLimit: 'Same' }, 'tightened locality_limit none → "Same"'],
    [{ localityLimit: 'Same' }, {}, 'loosened locality_limit "Same" → none'],
    [{ localityLimit: 'Same' }, { localityLimit: 'Other' }, 'changed locality_limit "Same" → "Other"'],
    [
      { regex: 'x'.repeat(78) },
      { regex: 'x'.repeat(79) },
      `changed regex "${'x'.repeat(78)}" → "${'x'.repeat(78)}…`,
    ],
    [{ regex: 'x' }, { regex: '😀'.repeat(90) }, `changed regex "x" → "${'😀'.repeat(78)}…`],
  ])('takes less, more, or something else: %j to %j', (was, is, expected) => {
    const previous = lockOf(live([withCriteria(was)]));
    const [change] = compareLocks(previous, lockOf(live([withCriteria(is)]), { previous }));
    expect(change?.requirements.map(({ kind, detail }) => `${kind} ${detail}`)).toEqual([expected]);
  });
});

it('a lock is a catalogue for whoever works offline', () => {
  const set = lockedCatalogue(lockOf(live([withCriteria({ maxLength: 20 })], 7))).get(KEY);
  expect(set).toMatchObject({ version: 7, requirements: [{ id: CONTACT.id, criteria: { maxLength: 20 } }] });
});
