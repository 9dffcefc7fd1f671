import { describe, expect, it } from 'vitest';
import { InvalidInputError, RefusedError } from '../../src/model/errors.ts';
import type { ObservedGroup } from '../../src/model/observed.ts';
import type { Change } from '../../src/model/plan/change.ts';
import type { Decisions } from '../../src/model/plan/decisions.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import type { BoundValue, Desired, DesiredContent } from '../../src/model/resource.ts';
import { fc } from '../support/fast-check.ts';
import {
  COMBINATIONS,
  documentBytes,
  documentReference,
  ITEMS,
  type RequirementKind,
  UNUSED_ITEM,
} from './contents.ts';
import { makeContent, type Reading, type Scene, shuffle, shuffling, useRepository } from './repository.ts';
import { planOrRefusal, runs, Tally, UNHURRIED } from './runs.ts';
import { anyWorld, smoothWorld } from './worlds.ts';

const inRepository = useRepository();
const world = fc.oneof(smoothWorld, anyWorld);

describe('a plan', () => {
  it(
    'is the same in whatever order manifests, requirements and rows of the API come',
    UNHURRIED,
    async () => {
      const tally = new Tally();
      const property = fc.asyncProperty(world, fc.nat(), (planted, seed) =>
        inRepository(planted, async (scene) => {
          const shuffled = { desired: shuffleDesired(scene.desired, seed), through: shuffling(seed) };
          const straight = await conclusionOf(scene);
          expect(await conclusionOf(scene, shuffled)).toEqual(straight);
          tally.count('changes' in straight ? 'planned' : 'refused');
        }),
      );
      await fc.assert(property, runs(50));
      tally.expectAll('planned', 'refused');
    },
  );
});

describe('the fingerprint of a plan', () => {
  it('changes exactly when operations, values or what is touched at Telnyx do', UNHURRIED, async () => {
    const tally = new Tally();
    const edit = fc.record({ kind: fc.constantFrom(...EDIT_KINDS), pick: fc.nat() });
    const property = fc.asyncProperty(world, edit, (planted, { kind, pick }) =>
      inRepository(planted, async (scene) => {
        const before = await planOrRefusal(scene);
        if (before === null) return;
        const after = await planOrRefusal(scene, await EDITS[kind](scene, before, pick));
        if (after === null) return;
        const isSame = substanceOf(before.decisions) === substanceOf(after.decisions);
        const fingerprints = [before.plan.fingerprint, after.plan.fingerprint];
        if (isSame) expect(fingerprints[1], kind).toBe(fingerprints[0]);
        else expect(fingerprints[1], kind).not.toBe(fingerprints[0]);
        if (COSMETIC.has(kind)) expect(isSame, kind).toBe(true);
        tally.count(kind, isSame ? 'same' : 'another');
      }),
    );
    await fc.assert(property, runs(100));
    tally.expectAll(...EDIT_KINDS, 'same', 'another');
  });
});

/* ---- Order ---- */

function shuffleDesired(desired: Desired, seed: number): Desired {
  const groups = desired.RequirementGroup.map((group, index) => ({
    ...group,
    requirements: shuffle(group.requirements, seed + index),
  }));
  return { ...desired, RequirementGroup: shuffle(groups, seed) };
}

/** All that must not depend on any order. */
async function conclusionOf(scene: Scene, changed: Parameters<Scene['plan']>[0] = {}): Promise<object> {
  try {
    const { plan } = await scene.plan(changed);
    const { changes, fingerprint, summary, applyable, diagnostics, attention } = plan;
    const noticed = attention.map(({ code, name }) => `${code} ${name}`).sort();
    return { changes, fingerprint, summary, applyable, diagnostics, noticed };
  } catch (error) {
    if (!(error instanceof InvalidInputError || error instanceof RefusedError)) throw error;
    const problems = error.problems.map(({ code, source }) => `${code} ${source?.file}:${source?.line}`);
    return { refusal: error.name, problems: problems.sort() };
  }
}

/* ---- Edits ---- */

type Changed = Parameters<Scene['plan']>[0];
type Edit = (scene: Scene, before: Reading, pick: number) => Promise<Changed> | Changed;

/** A cosmetic one changes nothing that is done; any of the others may. */
const EDITS = {
  'sources move': ({ desired }) => ({ desired: mapDesired(desired, moveSources) }),
  'files are renamed': ({ desired }) => ({ desired: mapContents(desired, renameFile) }),
  'expiry dates change': ({ desired }) => ({ desired: mapContents(desired, extend) }),
  'expiries are looked for further ahead': () => ({ warnDays: 4000 }),
  'a minute passes': async ({ control }) => {
    await control('POST', '/clock', { advance_seconds: 60 });
    return {};
  },
  'somebody comments': async (scene, before, pick) => {
    const group = pickLive(before, pick);
    if (group !== undefined) await comment(scene, group.id);
    return {};
  },
  'requirements get another status': async ({ control }, before, pick) => {
    const group = pickLive(before, pick);
    const regulatory_requirements = group?.requirements.map(({ requirementId }) => ({
      requirement_id: requirementId,
      status: 'declined',
      expires_at: '2099-01-01T00:00:00.000000Z',
    }));
    if (group !== undefined) await control('PATCH', `/groups/${group.id}`, { regulatory_requirements });
    return {};
  },
  'something foreign appears': async ({ control }, { decisions }) => {
    // The first group of all tells whose the account is.
    if (decisions.users.length > 0)
      await control('POST', '/groups', { customer_reference: 'regsync/acme2/new', status: 'approved' });
    return {};
  },

  'a value is spelt otherwise': ({ desired }, _, pick) => ({
    desired: editOne(desired, pick, (content, kind) => respell(content, kind)),
  }),
  'a value becomes another one': ({ desired }, _, pick) => ({
    desired: editOne(desired, pick, (_content, kind) =>
      makeContent(kind, pick % 2 === 0 ? UNUSED_ITEM : pick % ITEMS, PLAIN),
    ),
  }),
  'a value is left out': ({ desired }, _, pick) => ({ desired: leaveOut(desired, pick) }),
  'a manifest is removed': ({ desired }, _, pick) => ({
    desired: {
      ...desired,
      RequirementGroup: desired.RequirementGroup.filter(
        (_, index) => index !== pick % desired.RequirementGroup.length,
      ),
    },
  }),
  'a status changes at Telnyx': async ({ control }, before, pick) => {
    const group = pickLive(before, pick);
    const status = ['unapproved', 'pending-approval', 'approved', 'declined', 'other'][pick % 5];
    if (group !== undefined) await control('PATCH', `/groups/${group.id}`, { status });
    return {};
  },
  'a value changes at Telnyx': async ({ control }, before, pick) => {
    const group = pickLive(before, pick);
    const requirement = group?.requirements[pick % (group?.requirements.length || 1)];
    if (group !== undefined && requirement !== undefined && requirement.fieldType !== 'action') {
      const entry = { requirement_id: requirement.requirementId, field_value: 'Something else entirely' };
      await control('PATCH', `/groups/${group.id}`, { regulatory_requirements: [entry] });
    }
    return {};
  },
  'a group vanishes': async ({ api }, before, pick) => {
    const group = pickLive(before, pick);
    if (group !== undefined) await api('DELETE', `/requirement_groups/${group.id}`);
    return {};
  },
  'a document appears': async ({ api }, _, pick) => {
    const item = pick % ITEMS;
    await api('POST', '/documents', {
      file: documentBytes(item).toString('base64'),
      filename: 'document.pdf',
      customer_reference: documentReference(item, 'ours'),
    });
    return {};
  },
  'prune is asked for, or not any more': (_, before) => ({ prune: !before.plan.options.prune }),
} as const satisfies Record<string, Edit>;

type EditKind = keyof typeof EDITS;
const EDIT_KINDS = Object.keys(EDITS) as EditKind[];
const COSMETIC: ReadonlySet<EditKind> = new Set(
  EDIT_KINDS.slice(0, EDIT_KINDS.indexOf('a value is spelt otherwise') + 1),
);
const PLAIN = { spelling: 0, named: false, validate: false };

type Group = Desired['RequirementGroup'][number];

function mapDesired(desired: Desired, change: (group: Group) => Group): Desired {
  return { ...desired, RequirementGroup: desired.RequirementGroup.map(change) };
}

function mapContents(desired: Desired, change: (content: DesiredContent) => DesiredContent): Desired {
  return mapDesired(desired, (group) => ({
    ...group,
    requirements: group.requirements.map((entry) => ({ ...entry, content: change(entry.content) })),
  }));
}

function moveSources(group: Group): Group {
  const source = { file: 'elsewhere/all.yaml', line: group.source.line + 100, column: 3 };
  return {
    ...group,
    source,
    id: group.id === null ? null : { ...group.id, source },
    requirements: group.requirements.map((entry) => ({ ...entry, source, contentSource: source })),
  };
}

function renameFile(content: DesiredContent): DesiredContent {
  if (content.kind !== 'document') return content;
  return { ...content, document: { ...content.document, path: `elsewhere/${content.document.path}` } };
}

function extend(content: DesiredContent): DesiredContent {
  if (content.kind !== 'document') return content;
  return { ...content, document: { ...content.document, expires: '2020-01-31' } };
}

function pickLive({ readState: { observed } }: Reading, pick: number): ObservedGroup | undefined {
  const matched = [...observed.RequirementGroup.values()].flatMap(({ group, superseded }) => [
    group,
    ...superseded,
  ]);
  const groups = [...matched, ...observed.orphans].filter((group) => group !== null);
  return groups[pick % groups.length];
}

async function comment({ api }: Scene, groupId: string): Promise<void> {
  await api('POST', '/comments', {
    body: 'When will this be looked at?',
    comment_record_type: 'requirement_group',
    comment_record_id: groupId,
  });
}

function editOne(
  desired: Desired,
  pick: number,
  change: (content: DesiredContent, kind: RequirementKind) => DesiredContent,
): Desired {
  const entries = desired.RequirementGroup.flatMap(({ requirements }) => requirements);
  const chosen = entries[pick % entries.length];
  return mapDesired(desired, (group) => ({
    ...group,
    requirements: group.requirements.map((entry) =>
      entry === chosen ? { ...entry, content: change(entry.content, kindOf(entry.requirement)) } : entry,
    ),
  }));
}

function kindOf(written: string): RequirementKind {
  const all = COMBINATIONS.flatMap(({ requirements }) => requirements);
  return all.find(({ id, name }) => id === written || name === written)?.kind ?? 'contact';
}

/** Another spelling of the same: what is compared is a normal form. */
function respell(content: DesiredContent, kind: RequirementKind): DesiredContent {
  for (let item = 0; item < ITEMS; item += 1) {
    for (const spelling of [0, 1, 2]) {
      const plain = makeContent(kind, item, { ...PLAIN, spelling });
      if (plain.kind === 'text' && content.kind === 'text' && plain.text.equals(content.text)) {
        return makeContent(kind, item, { ...PLAIN, spelling: (spelling + 1) % 3 });
      }
    }
  }
  return content;
}

function leaveOut(desired: Desired, pick: number): Desired {
  const filled = desired.RequirementGroup.filter(({ requirements }) => requirements.length > 0);
  const chosen = filled[pick % filled.length];
  return mapDesired(desired, (group) =>
    group === chosen
      ? {
          ...group,
          partial: true,
          requirements: group.requirements.filter((_, index) => index !== pick % group.requirements.length),
        }
      : group,
  );
}

/* ---- What a plan is, said independently of how it is digested ---- */

function substanceOf({ changes }: Decisions): string {
  return JSON.stringify(changes.map(substance).sort());
}

function substance(change: Change): string {
  switch (change.kind) {
    case 'Document':
      return `upload ${change.name} ${change.document.sha256}`;
    case 'Address':
      return `make ${change.name} ${change.address.sha256} ${change.address.validateAddress}`;
    case 'RequirementGroup': {
      const { name, actions, desired, observed, deletes } = change;
      const stated = desired?.values.map((value) => `${value.requirement.id} ${plainValue(value)}`).sort();
      return JSON.stringify([name, actions, stated, observed && liveState(observed), deletes.map(liveState)]);
    }
    default:
      throw new Error('these worlds have no orders');
  }
}

function plainValue({ content, requirement }: BoundValue): string {
  switch (content.kind) {
    case 'text': {
      const text = reveal(content.text).normalize('NFC').trim();
      return requirement.fieldType === 'datetime' ? String(Date.parse(text.replace(/\.\d+/, ''))) : text;
    }
    case 'document':
      return content.document.sha256;
    case 'address':
      return content.address.sha256;
    default:
      return content.id;
  }
}

function liveState({ id, status, requirements }: ObservedGroup): string {
  const values = requirements
    .map(({ requirementId, value }) => [requirementId, reveal(value)].join(' '))
    .sort();
  return JSON.stringify([id, status, values]);
}
