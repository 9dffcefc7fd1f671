import { expect, it } from 'vitest';
import type { Observed, ObservedGroup } from '../../src/model/observed.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import type { Problem } from '../../src/model/problem.ts';
import { referenceKey } from '../../src/model/reference.ts';
import { references } from '../../src/model/reference-names.ts';
import { asReference, asRemoteId, type BoundGroup, type DesiredGroup } from '../../src/model/resource.ts';
import { type Observation, observe } from '../../src/observe/observe.ts';
import { planChanges } from '../../src/plan/plan.ts';
import type { ReadClient } from '../../src/telnyx/client.ts';
import { runs, Tally, UNHURRIED } from '../properties/runs.ts';
import { fc } from '../support/fast-check.ts';
import { manifests, selection } from '../support/manifests.ts';
import {
  ADDRESS_ID,
  addressValue,
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  LOCAL_ADDRESS,
  observedGroup,
  planInput,
  READ_AT_MS,
  REGISTRATION,
  SCOPE,
  TEXT_ID,
  textValue,
} from '../support/plan-inputs.ts';
import { addressOf, addressRow, documentOf, GONE, groupRow, refused } from '../support/scripted-run.ts';

/* ---- Accounts and repositories ---- */

/** What a server makes of `filter[customer_reference]` for groups: nobody has documented more than its name. */
type Filter = 'exact' | 'tidied' | 'contains' | 'ignored' | 'refused' | 'nothing' | 'without counts';

interface World {
  readonly groups: readonly BoundGroup[];
  readonly selected: readonly string[];
  readonly formerScope?: string;
  readonly rows: readonly ObservedGroup[];
  readonly documents: readonly { readonly id: string }[];
  readonly addresses: readonly object[];
  readonly linked: readonly string[];
  readonly filter: Filter;
}

const NAMES = ['a', 'ab', 'b', 'c'];
const CONTENTS = ['one', 'two'];
const STREETS = ['Beispielweg 1', 'Beispielweg 2'];
const IDS = ['1', '2', '3', '4', '5'];
const DE = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const FR = { ...DE, countryCode: 'FR' };

const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constantFrom<T>(usual, ...others));

const manifest = (name: string): fc.Arbitrary<BoundGroup> =>
  fc
    .record({
      combination: mostly(DE, FR),
      stated: mostly<string | null>(null, 'MY REF', `regsync/old/${name}`),
      pin: mostly<string | null>(null, ...IDS),
      isWatched: mostly(false, true),
      values: fc.record({
        text: mostly('desk', 'counter'),
        document: fc.option(fc.constantFrom(...CONTENTS), { freq: 2 }),
        address: fc.option(fc.constantFrom(...STREETS), { freq: 2 }),
      }),
    })
    .map(({ combination, stated, pin, isWatched, values: { text, document, address } }) => {
      const source = { file: `groups/${name}.yaml`, line: 1, column: 1 };
      return desiredGroup({
        name,
        combination,
        ...(stated === null ? {} : { reference: asReference(stated), statesReference: true }),
        id: pin === null ? null : { id: asRemoteId(pin), source },
        isWatched,
        values: [
          textValue(text),
          ...(document === null ? [] : [documentValue(document)]),
          ...(address === null ? [] : [addressValue(address)]),
        ],
        definitions: [CONTACT, REGISTRATION, LOCAL_ADDRESS],
        source,
      });
    });

/** References of ours, of the former scope, of another scope and of nobody, and what only looks like one. */
const REFERENCES = [
  ...NAMES.flatMap((name) => [`regsync/acme/${name}`, `regsync/acme/${name}`, `regsync/old/${name}`]),
  ...[' regsync/acme/a', 'REGSYNC/acme/b', 'regsync/other/a', 'regsync/acme/gone', 'MY REF', null],
];

const row = (id: string): fc.Arbitrary<ObservedGroup> =>
  fc
    .record({
      reference: fc.constantFrom(...REFERENCES),
      combination: mostly(DE, FR),
      status: mostly('approved', 'pending-approval', 'declined', 'no-longer-eligible'),
      values: fc.record({
        [TEXT_ID]: mostly('desk', 'counter'),
        [DOCUMENT_ID]: fc.constantFrom('', 'd1', 'd2', 'd3'),
        [ADDRESS_ID]: fc.constantFrom('', 'a1', 'a2', 'a3'),
      }),
    })
    .map(({ reference, values, ...given }) =>
      observedGroup(values, {
        id: asRemoteId(id),
        reference: reference === null ? null : asReference(reference),
        createdAt: `2026-01-0${id}T00:00:00Z`,
        ...given,
      }),
    );

const documentRow = (id: string, content: string) => {
  const { sha256 } = documentOf(content);
  return fc.record({
    id: fc.constant(id),
    customer_reference: mostly<string | null>(references.document(SCOPE, sha256), null, 'elsewhere'),
    sha256: mostly<string | null>(sha256, null, 'b'.repeat(64)),
    status: mostly('verified', 'denied'),
    created_at: fc.constantFrom('2026-06-01T11:50:00Z', '2026-05-01T00:00:00Z'),
  });
};

const addressesRow = (id: string, street: string) =>
  mostly<string | null>(references.address(SCOPE, addressOf(street).sha256), null).map((reference) =>
    addressRow(id, reference, addressOf(street)),
  );

const some = <T>(arbitraries: readonly fc.Arbitrary<T>[]) =>
  fc
    .tuple(...arbitraries.map((one) => fc.option(one, { freq: 5 })))
    .map((all) => all.filter((one): one is NonNullable<typeof one> => one !== null)) as fc.Arbitrary<T[]>;

const worlds: fc.Arbitrary<World> = fc
  .record({
    groups: fc.tuple(...NAMES.map(manifest)).filter(isFreeOfCollisions),
    selected: fc.subarray(NAMES, { minLength: 1 }),
    isRescoped: mostly(false, true),
    rows: some(IDS.map(row)),
    documents: some([documentRow('d1', 'one'), documentRow('d2', 'two'), documentRow('d3', 'one')]),
    addresses: some([addressesRow('a1', STREETS[0] ?? ''), addressesRow('a2', STREETS[1] ?? '')]),
    linked: fc.subarray(['d1', 'd2', 'd3']),
    filter: fc.constantFrom<Filter>(
      ...(['exact', 'exact', 'exact', 'tidied', 'contains', 'contains'] as const),
      ...(['ignored', 'refused', 'nothing', 'without counts'] as const),
    ),
  })
  .map(({ isRescoped, ...world }) => ({ ...world, ...(isRescoped ? { formerScope: 'old' } : {}) }));

/** What validation refuses is not planned. */
function isFreeOfCollisions(groups: readonly BoundGroup[]): boolean {
  const taken = groups.map(({ reference, combination }) => `${reference} ${combination.countryCode}`);
  const ids = groups.flatMap(({ id }) => id?.id ?? []);
  return new Set(taken).size === taken.length && new Set(ids).size === ids.length;
}

/* ---- A server ---- */

const PAGES = 30;

function clientOf({ rows, documents, addresses, linked, filter }: World) {
  const pagesRead: string[] = [];
  const groupRows = rows.map((one) => ({ reference: one.reference, row: groupRow(one) }));
  const answer = (template: string, query: Readonly<Record<string, unknown>>): Answered => {
    const [[key, value] = []] = Object.entries(query);
    const asked = String(value);
    const rowsOf = (all: readonly object[], references: readonly string[]) =>
      all.filter((one) => references.includes(String((one as Row).customer_reference)));
    if (template === '/comments') return { rows: [], pagesLeft: 0 };
    if (template === '/document_links')
      return { rows: linked.map((document_id) => ({ document_id })), pagesLeft: 0 };
    if (template === '/documents')
      return key === undefined
        ? whole(documents)
        : { rows: rowsOf(documents, asked.split(',')), pagesLeft: 0 };
    if (template === '/addresses')
      return key === undefined ? whole(addresses) : { rows: rowsOf(addresses, [asked]), pagesLeft: 0 };
    if (key === undefined || filter === 'ignored') return whole(groupRows.map(({ row }) => row));
    if (filter === 'refused') throw refused(400);
    const isFound = FINDS[filter === 'without counts' ? 'exact' : filter];
    return {
      rows: groupRows.filter(({ reference }) => isFound(reference ?? '', asked)).map(({ row }) => row),
      pagesLeft: filter === 'without counts' ? null : 0,
    };
  };
  const client: Pick<ReadClient, 'begin' | 'list' | 'get'> = {
    begin: async (template, query = {}, _params = {}, decode = (one) => one as never) => {
      const { rows: found, pagesLeft } = answer(template, query);
      const decoded = found.map(decode);
      return {
        pagesLeft,
        finish: async () => {
          if (pagesLeft === PAGES) pagesRead.push(template);
          return { rows: decoded, dateMs: null };
        },
      };
    },
    list: async (template, query, params, decode) =>
      (await client.begin(template, query, params, decode)).finish(),
    get: async (template, params = {}) => {
      const all = {
        '/requirement_groups/{id}': groupRows.map(({ row }) => row),
        '/documents/{id}': documents,
      };
      const among: readonly object[] = { ...all, '/addresses/{id}': addresses }[template] ?? [];
      const found = among.find((one) => (one as Row).id === params.id);
      if (found === undefined) throw GONE;
      return { status: 200, body: { data: found }, dateMs: null };
    },
  };
  return { client: client as ReadClient, pagesRead };
}

interface Row {
  readonly id: string;
  readonly customer_reference: string | null;
}

interface Answered {
  readonly rows: readonly object[];
  readonly pagesLeft: number | null;
}

const whole = (rows: readonly object[]): Answered => ({ rows, pagesLeft: PAGES });

const FINDS: Readonly<
  Record<'exact' | 'tidied' | 'contains' | 'nothing', (reference: string, asked: string) => boolean>
> = {
  exact: (reference, asked) => reference === asked,
  tidied: (reference, asked) => referenceKey(reference) === asked,
  contains: (reference, asked) => reference.toLowerCase().includes(asked.toLowerCase()),
  nothing: () => false,
};

/* ---- What is decided ---- */

async function decide(world: World, how: 'narrow' | 'whole') {
  const { client, pagesRead } = clientOf(world);
  const groups = world.groups.map(
    ({ values, definitions: _, ...group }): DesiredGroup => ({
      ...group,
      requirements: values.map(({ requirement, ...value }) => ({ ...value, requirement: requirement.id })),
    }),
  );
  const { formerScope } = world;
  const desired = manifests({
    RequirementGroup: groups,
    ...(formerScope === undefined ? {} : { formerScope }),
  });
  const observation = await observe(client, desired, {
    selected: selection({ RequirementGroup: world.selected }),
    redactor: new Redactor(),
    nowMs: () => READ_AT_MS,
    ...(how === 'narrow' ? { narrow: {} } : {}),
  });
  return { decided: decisionsOf(world, observation), observed: observation.observed, pagesRead };
}

/** All that a plan says of the selected manifests, and all that stops it because of them. */
function decisionsOf({ groups, selected }: World, { observed, problems, refusals }: Observation) {
  const isSelected = ({ source }: Problem) => selected.some((name) => source?.file === `groups/${name}.yaml`);
  const RequirementGroup = groups.filter(({ name }) => selected.includes(name));
  const { users: _, ...decisions } = planChanges(
    planInput({ RequirementGroup, observed, narrowedBy: ['--target'] }),
  );
  return { decisions, problems: problems.filter(isSelected), refusals: refusals.filter(isSelected) };
}

const isNarrow = ({ unclaimed }: Observed) => unclaimed === undefined;

it('a look-up of some manifests decides as the whole list would', UNHURRIED, async () => {
  const tally = new Tally();
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const narrow = await decide(world, 'narrow');
      // No answer of an exact filter has a group that only looks like ours. It never becomes ours.
      const isHidden = ({ reference }: ObservedGroup) => referenceKey(reference) !== reference;
      const isSeen = world.filter !== 'exact' || !isNarrow(narrow.observed);
      const seen = isSeen ? world : { ...world, rows: world.rows.filter((one) => !isHidden(one)) };
      const { decided } = await decide(seen, 'whole');
      expect(narrow.decided).toEqual(decided);

      tally.count(`${world.filter}: ${isNarrow(narrow.observed) ? 'looked up' : 'whole list'}`);
      if (!isNarrow(narrow.observed)) return;
      expect(narrow.pagesRead).not.toContain('/requirement_groups');
      tally.count(narrow.pagesRead.length === 0 ? 'nothing read whole' : 'contents read whole');
      for (const change of decided.decisions.changes) {
        const actions = change.kind === 'RequirementGroup' ? change.actions : ['made'];
        tally.count(...actions.map((action) => `${change.kind} ${action}`));
      }
      tally.count(...decided.decisions.attention.map(({ code }) => code));
      tally.count(...decided.decisions.diagnostics.map(({ code }) => code));
      tally.count(...[...decided.problems, ...decided.refusals].map(({ code }) => code));
    }),
    runs(300),
  );
  tally.expectAll('exact: looked up', 'tidied: looked up', 'contains: looked up', 'exact: whole list');
  tally.expectAll(
    'ignored: whole list',
    'refused: whole list',
    'nothing: whole list',
    'without counts: whole list',
  );
  tally.expectAll('nothing read whole', 'contents read whole', 'RequirementGroup update', 'Document made');
  tally.expectAll('duplicate-groups', 'declined', 'foreign-group', 'observed-differs');
});

it.each([
  ['has still to delete what it replaced, because the limits count all groups', 'a', [false, 3]],
  ['has its group', 'gone', [true, 1]],
])('the reading of a manifest that %s', async (_, name, expected) => {
  const reference = references.group(SCOPE, 'a');
  const world: World = {
    groups: [desiredGroup({ name: 'a' })],
    selected: ['a'],
    rows: [
      observedGroup({}, { reference }),
      observedGroup({}, { id: asRemoteId('2'), reference: references.group(SCOPE, name), combination: FR }),
      observedGroup({}, { id: asRemoteId('3'), reference: references.group(SCOPE, 'elsewhere') }),
    ],
    documents: [],
    addresses: [],
    linked: [],
    filter: 'exact',
  };
  const { observed } = await decide(world, 'narrow');
  expect([isNarrow(observed), observed.ownedGroups]).toEqual(expected);
});
