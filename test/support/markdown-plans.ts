import type { ObservedGroup } from '../../src/model/observed.ts';
import { CLOSED_GATES, type Gates } from '../../src/model/plan/gates.ts';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import { changeIdentity, type Plan, type PlanChange } from '../../src/model/plan/plan.ts';
import { asReference, asRemoteId, type BoundGroup } from '../../src/model/resource.ts';
import { HELD } from './everything.ts';
import {
  addressValue,
  CONTACT,
  desiredGroup,
  documentValue,
  LOCAL_ADDRESS,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  REGISTRATION,
  textValue,
} from './plan-inputs.ts';
import { describedPlan } from './plans.ts';

/** Plans and outcomes as pull requests show them; each is one story. */

export const CONTEXT = {
  headSha: '3c1f2ab09d8e7f6a5b4c3d2e1f00112233445566',
  runUrl: 'https://git.example.com/example/numbers/actions/runs/4711',
  sourceUrl: (file: string, line?: number) =>
    `https://git.example.com/example/numbers/blob/3c1f2ab/${file.split('/').map(encodeURIComponent).join('/')}${line === undefined ? '' : `#L${line}`}`,
};

export function creates(names: readonly string[]): Plan {
  return planWith({ groups: names.map((name, index) => newGroup(name, 3 + index * 20)) });
}

function newGroup(name: string, line: number): BoundGroup {
  return desiredGroup({
    name,
    source: { file: 'groups/de.yaml', line, column: 1 },
    values: [
      textValue(`Compliance desk of ${name}`),
      documentValue('registration', REGISTRATION, { path: 'documents/de/registration.pdf', bytes: 397_312 }),
      addressValue('Musterstraße 1', { name: 'example-berlin' }),
    ],
    definitions: [CONTACT, REGISTRATION, LOCAL_ADDRESS],
  });
}

/** One approved, one declined group whose manifests say something else now. */
export function updates(): Plan {
  const changed = (name: string, line: number) =>
    desiredGroup({
      name,
      source: { file: 'groups/de.yaml', line, column: 1 },
      values: [textValue('Night desk'), documentValue('renewed', REGISTRATION)],
    });
  return planWith({
    groups: [changed('de-hamburg', 3), changed('de-kiel', 24)],
    observed: {
      'de-hamburg': observedGroup(HELD, { ...known('de-hamburg'), status: 'approved' }),
      'de-kiel': observedGroup(HELD, {
        ...known('de-kiel'),
        status: 'declined',
        requirementStatus: 'declined',
      }),
    },
  });
}

/** Two orphans, one of them approved and named. */
export function deletes(): Plan {
  return planWith({
    groups: [],
    orphans: [
      observedGroup({}, { ...known('de-ulm'), status: 'approved' }),
      observedGroup({}, known('de-trier')),
    ],
    gates: { prune: true, allow_delete: ['de-ulm'] },
  });
}

/** Nothing to do about it here: a person has to read what the reviewer wrote. */
export function declined(): Plan {
  const at = (line: number) => ({ file: 'groups/de.yaml', line, column: 1 });
  const group = observedGroup(HELD, {
    ...known('de-jena'),
    status: 'declined',
    requirementStatus: 'declined',
  });
  return planWith({
    groups: [
      desiredGroup({
        name: 'de-jena',
        source: at(17),
        values: [
          { ...textValue('Compliance desk'), contentSource: at(23) },
          { ...documentValue('registration'), contentSource: at(25) },
        ],
      }),
    ],
    observed: { 'de-jena': group },
    comments: 'The scan of the registration is illegible. Please send it in colour.',
  });
}

export function nothing(): Plan {
  const names = ['de-berlin', 'de-bonn', 'de-essen'];
  return planWith({
    groups: names.map((name) => desiredGroup({ name })),
    observed: Object.fromEntries(
      names.map((name) => [name, observedGroup(HELD, { ...known(name), status: 'approved' })]),
    ),
  });
}

/** A replacement that nobody allowed. */
export function gated(): Plan {
  const french = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
  return planWith({
    groups: [desiredGroup({ name: 'moved', values: [textValue('Desk')], definitions: [CONTACT] })],
    superseded: observedGroup({}, { ...known('moved'), combination: french, status: 'approved' }),
  });
}

/** The same number of groups of each kind, with a requirement each. */
export function crowd(size: number): Plan {
  const names = Array.from({ length: size }, (_, index) => `group-${String(index).padStart(4, '0')}`);
  const kind = (index: number) => index % 5;
  const plan = planWith({
    groups: names.flatMap((name, index) =>
      kind(index) === 0
        ? []
        : desiredGroup({
            name,
            source: { file: 'groups/many.yaml', line: 1 + index * 12, column: 1 },
            values: [textValue(kind(index) === 4 ? 'Compliance desk' : 'Night desk')],
            definitions: [CONTACT],
          }),
    ),
    observed: Object.fromEntries(
      names.flatMap((name, index) =>
        kind(index) < 2
          ? []
          : [[name, observedGroup(HELD, { ...known(name), status: STATUSES[kind(index)] ?? '' })]],
      ),
    ),
    orphans: names
      .filter((_, index) => kind(index) === 0)
      .map((name) => observedGroup({}, { ...known(name), status: 'declined' })),
    gates: { prune: true },
  });
  return plan;
}

const STATUSES = ['', '', 'unapproved', 'approved', 'declined'] as const;

function known(name: string) {
  return { id: asRemoteId(`id-${name}`), reference: asReference(`regsync/acme/${name}`) };
}

function planWith(given: {
  readonly groups: readonly BoundGroup[];
  readonly observed?: Readonly<Record<string, ObservedGroup>>;
  readonly superseded?: ObservedGroup;
  readonly orphans?: readonly ObservedGroup[];
  readonly gates?: Partial<Gates>;
  readonly comments?: string;
}): Plan {
  const matches = Object.fromEntries(
    given.groups.map(({ name }) => [
      name,
      {
        group: given.observed?.[name] ?? null,
        superseded: given.superseded === undefined ? [] : [given.superseded],
      },
    ]),
  );
  const body = given.comments;
  const comments = body === undefined ? [] : [{ body, byReviewer: true, createdAt: '2026-05-01T00:00:00Z' }];
  return describedPlan(
    planInput({
      RequirementGroup: given.groups,
      observed: observedWorld({
        matches,
        orphans: given.orphans ?? [],
        documents: [observedDocument('doc-1', 'registration')],
        comments: new Map(Object.values(given.observed ?? {}).map(({ id }) => [id, comments])),
      }),
      gates: { ...CLOSED_GATES, ...given.gates },
      limits: { maxDeletes: 10_000, maxDeleteFraction: 1 },
    }),
  );
}

export function identitiesOf(changes: readonly PlanChange[]): Set<string> {
  return new Set(changes.map(changeIdentity));
}

export function outcome(given: Partial<Outcome> & Pick<Outcome, 'name'>): Outcome {
  return {
    kind: 'RequirementGroup',
    id: `id-${given.name}`,
    status: 'applied',
    operations: [],
    group_status: null,
    error: null,
    warnings: [],
    ...given,
  };
}

/** Two went well, one did not, one had to wait for it, two had nothing to do. */
export function outcomes(): Outcome[] {
  return [
    outcome({
      name: 'de-hamburg',
      operations: ['upload', 'patch', 'submit'],
      group_status: 'pending-approval',
      warnings: ['a second document with this reference exists: doc-2'],
    }),
    outcome({
      name: 'de-berlin',
      operations: ['upload', 'create_address', 'create', 'submit'],
      group_status: 'pending-approval',
    }),
    outcome({
      name: 'de-ulm',
      status: 'failed',
      group_status: 'approved',
      error: {
        code: 'api',
        message: 'DELETE /requirement_groups/{id} was refused with 422',
        status: 422,
        request_id: 'b7c1d2e3',
        errors: [
          { code: '10021', title: 'Resource in use', detail: 'An order refers to it.', pointer: '/id' },
        ],
        source: { file: 'groups/de.yaml', line: 12 },
        hint: 'cancel the order first',
      },
    }),
    outcome({
      name: 'de-essen',
      status: 'skipped',
      error: {
        code: 'interrupted',
        message: 'not begun',
        status: null,
        request_id: null,
        errors: [],
        source: null,
      },
    }),
    outcome({ name: 'de-bonn', status: 'unchanged', id: null }),
    outcome({ name: 'de-mainz', status: 'unchanged', id: null }),
  ];
}
