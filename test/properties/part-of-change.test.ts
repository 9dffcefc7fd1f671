import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readChange, readPartSince } from '../../src/cli/change/base-of-change.ts';
import { type GateOptions, planOptionsOf } from '../../src/cli/plan.ts';
import { loadProject } from '../../src/cli/session/project.ts';
import type { Terminal } from '../../src/cli/session/terminal.ts';
import { InvalidInputError } from '../../src/model/errors.ts';
import { byKind, type DesiredByKind, MANAGED_KINDS } from '../../src/model/kinds.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Desired } from '../../src/model/resource.ts';
import { touchedBy } from '../../src/resolve/touched.ts';
import { type Checkout, openCheckout } from '../support/checkout.ts';
import { fc } from '../support/fast-check.ts';
import { runs, Tally, UNHURRIED } from './runs.ts';

const COUNT = 7;
const numbers = Array.from({ length: COUNT }, (_, index) => index);
const number = fc.constantFrom(...numbers);

/** How a manifest is written: what YAML allows, and what a search by words could be misled by. */
const notation = fc.constantFrom('plain', 'plain', 'quoted', 'flow', 'escaped', 'folded', 'remarked', 'dos');
type Notation = 'plain' | 'quoted' | 'flow' | 'escaped' | 'folded' | 'remarked' | 'dos';

/** Mostly nothing, or one of its own. Two manifests that state the same are a mistake. */
const sometimes = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  { weight: 8, arbitrary: fc.constant('own' as const) },
  { weight: 1, arbitrary: number },
);

const group = fc.record({
  notation,
  text: fc.constantFrom('Compliance desk', 'Night desk'),
  registration: number,
  proof: fc.option(number, { nil: null, freq: 1 }),
  address: number,
  id: sometimes,
  reference: sometimes,
  place: fc.constantFrom('own', 'own', 'own', 'shared'),
});
type Group = typeof group extends fc.Arbitrary<infer One> ? One : never;

const content = fc.record({
  notation,
  expires: fc.constantFrom('2090-01-31', '2091-01-31'),
  bytes: fc.constantFrom('one', 'two'),
  locality: fc.constantFrom('Berlin', 'Hamburg'),
});
type Content = typeof content extends fc.Arbitrary<infer One> ? One : never;

/** The manifests of a repository: null for one that is not there. */
interface World {
  readonly groups: readonly (Group | null)[];
  readonly contents: readonly (Content | null)[];
  /** The group of a number order. */
  readonly order: number | null;
}

const listOf = <One>(one: fc.Arbitrary<One>, freq: number) =>
  fc.array(fc.option(one, { nil: null, freq }), { minLength: COUNT, maxLength: COUNT });

/** A world, and what a change makes of some of it. */
const change = fc
  .record({
    groups: listOf(group, 12),
    contents: listOf(content, 300),
    order: fc.option(number, { nil: null, freq: 2 }),
    edits: fc.array(
      fc.oneof(
        fc.record({ at: number, group: fc.option(group, { nil: null, freq: 8 }) }),
        fc.record({ at: number, content: fc.option(content, { nil: null, freq: 10 }) }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ edits, ...before }): { before: World; after: World } => {
    const after = { ...before, groups: [...before.groups], contents: [...before.contents] };
    for (const edit of edits) {
      if ('group' in edit) after.groups[edit.at] = edit.group;
      else after.contents[edit.at] = edit.content;
    }
    return { before, after };
  });

/* ---- Files ---- */

const idOf = (at: number) => `00000000-0000-4000-8000-00000000000${at}`;
const hex = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;

function write(how: Notation, fields: Readonly<Record<string, unknown>>): string {
  const name = String(fields.name);
  const block = Object.entries(fields)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n');
  const plain = block.replace(/^(kind|name|id): "(.*)"$/gm, '$1: $2');
  switch (how) {
    case 'plain':
      return `${plain.replaceAll(/"(document|address)":"([\w-]+)"/g, '$1: $2')}\n`;
    case 'quoted':
      return `${block.replaceAll(/^(\w+):/gm, '"$1" :')}\n`;
    case 'flow':
      return `${JSON.stringify(fields)}\n`;
    case 'escaped':
      return `${block.replaceAll(`"${name}"`, `"${[...name].map(hex).join('')}"`)}\n`;
    case 'folded':
      return `${plain.replace(
        `name: ${name}`,
        `name:
  ${name}`,
      )}
`;
    case 'remarked':
      return `# A kind: of its own, id: none\n${plain} # name: nobody\n`;
    case 'dos':
      return `${plain.replaceAll('\n', '\r\n')}\r\n`;
  }
}

function filesOf({ groups, contents, order }: World): Record<string, string> {
  const files: Record<string, string> = { 'groups/shared.yaml': CONSTANT };
  const add = (path: string, text: string) => {
    files[path] = path in files ? `${files[path]}---\n${text}` : text;
  };
  contents.forEach((own, at) => {
    if (own === null) return;
    files[`documents/proof-${at}.pdf`] = `%PDF-1.4\n% SAMPLE ${at} ${own.bytes}\n%%EOF\n`;
    const { notation: how, expires, locality } = own;
    add(
      `groups/contents/paper-${at}.yaml`,
      write(how, {
        apiVersion: 'regsync/v1',
        kind: 'Document',
        name: `paper-${at}`,
        file: `../../documents/proof-${at}.pdf`,
        expires,
      }),
    );
    add(
      `groups/contents/site-${at}.yaml`,
      write(how, {
        ...{ apiVersion: 'regsync/v1', kind: 'Address', name: `site-${at}`, country_code: 'DE', locality },
        ...{ business_name: 'Example GmbH', street_address: 'Beispielweg 1', postal_code: '10117' },
      }),
    );
  });
  groups.forEach((own, at) => {
    if (own === null) return;
    add(
      own.place === 'own' ? `groups/customer-${at}.yaml` : 'groups/shared.yaml',
      write(own.notation, {
        ...{ apiVersion: 'regsync/v1', kind: 'RequirementGroup', name: `customer-${at}`, country_code: 'DE' },
        ...{ phone_number_type: 'local', action: 'ordering', partial: true },
        ...(own.id === null ? {} : { id: idOf(own.id === 'own' ? at : own.id) }),
        ...(own.reference === null
          ? {}
          : {
              customer_reference: `Site of customer number ${own.reference === 'own' ? at : own.reference}`,
            }),
        requirements: [
          { requirement: 'Contact Info', text: own.text },
          { requirement: 'Business Registration', document: `paper-${own.registration}` },
          ...(own.proof === null
            ? []
            : [
                {
                  requirement: 'Proof of Local Address',
                  document: { file: `../documents/proof-${own.proof}.pdf` },
                },
              ]),
          { requirement: 'Local Address', address: `site-${own.address}` },
        ],
      }),
    );
  });
  if (order !== null)
    files['groups/order.yaml'] = write('plain', {
      ...{ apiVersion: 'regsync/v1', kind: 'NumberOrder', name: 'numbers', phone_numbers: ['+49300000000'] },
      requirement_group: `customer-${order}`,
    });
  return files;
}

const CONSTANT = write('plain', {
  ...{ apiVersion: 'regsync/v1', kind: 'RequirementGroup', name: 'bystander', country_code: 'FR' },
  ...{ phone_number_type: 'local', action: 'ordering', partial: true },
});

function plainly({ groups, contents, order }: World): World {
  const rewrite = <One extends { readonly notation: Notation }>(own: One | null) =>
    own === null ? null : { ...own, notation: 'plain' as const };
  return { groups: groups.map(rewrite), contents: contents.map(rewrite), order };
}

/* ---- A repository in git ---- */

let folder: string;
let checkout: Checkout;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'regsync-part-')));
  await mkdir(join(folder, 'home'));
  await mkdir(join(folder, 'work'));
  checkout = await openCheckout(join(folder, 'work'), join(folder, 'home'));
  checkout.git('init', '--quiet', '--initial-branch=topic');
  await writeFile(join(folder, 'work/regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function replaceFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const part of ['groups', 'documents'])
    await rm(join(folder, 'work', part), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'work', path)), { recursive: true });
    await writeFile(join(folder, 'work', path), text);
  }
}

const terminal = () =>
  ({
    cwd: join(folder, 'work'),
    env: { PATH: process.env.PATH, HOME: join(folder, 'home') },
    meter: { enter: () => {} },
    hide: () => {},
    err: () => {},
    errPaint: (_: string, text: string) => text,
  }) as unknown as Terminal;
const OPTIONS = { changedSince: 'base', quiet: true } as unknown as GateOptions;

const unlessInvalid = (error: unknown) => {
  if (error instanceof InvalidInputError) return null;
  throw error;
};

const read = () => loadProject(terminal(), OPTIONS, false, true).catch(unlessInvalid);

async function readWhole() {
  const stated = planOptionsOf(terminal(), join(folder, 'work'), [], OPTIONS);
  const project = await read();
  if (project === null) return null;
  const changed = await readChange(terminal(), 'base', OPTIONS, project, stated).catch(unlessInvalid);
  return changed === null ? null : { project, changed };
}

const namesIn = (desired: DesiredByKind) =>
  MANAGED_KINDS.flatMap((kind) => desired[kind].map(({ name }) => `${kind}/${name}`));

/** Only what the run acts on. */
function only(desired: Desired, names: readonly string[]): Desired {
  const chosen = byKind((kind) =>
    (desired[kind] as readonly { readonly name: string }[]).filter(({ name }) =>
      names.includes(`${kind}/${name}`),
    ),
  );
  return { ...desired, ...(chosen as unknown as DesiredByKind) };
}

describe('A plan of a change that reads a part of the manifests', () => {
  it('knows of the change what a reading of all manifests knows', UNHURRIED, async () => {
    const tally = new Tally();
    const property = fc.asyncProperty(change, async ({ before, after }) => {
      await replaceFiles(filesOf(before));
      checkout.commit('Before');
      checkout.git('branch', '--force', 'base');
      const wasValid = (await read()) !== null;
      await replaceFiles(filesOf(after));
      const whole = await readWhole();
      const part = await readPartSince(terminal(), 'base', OPTIONS, (root) =>
        planOptionsOf(terminal(), root, [], OPTIONS),
      );
      if (part === null) return tally.count(whole === null ? 'refused' : 'all read');
      if (whole === null) {
        expect(wasValid, 'the mistake was there before').toBe(false);
        return tally.count('broken before');
      }

      const { project, planOptions } = part;
      expect(planOptions.changed).toEqual(whole.changed);
      const { names } = whole.changed;
      const [ofPart, ofWhole] = [project.desired, whole.project.desired].map((desired) => ({
        desired: only(desired, names),
        lock: null,
      })) as [{ desired: Desired; lock: null }, { desired: Desired; lock: null }];
      expect(touchedBy(ofWhole, ofPart)).toEqual({ names: [], removed: [] });
      expect(namesIn(ofPart.desired)).toEqual(namesIn(ofWhole.desired));
      const lines = ({ desired }: typeof ofPart) => desired.RequirementGroup.map(({ source }) => source.line);
      expect(lines(ofPart)).toEqual(lines(ofWhole));
      const known = namesIn(project.desired);
      expect(known.length + (project.others?.unread ?? 0)).toBe(namesIn(whole.project.desired).length);
      for (const { id, name } of whole.project.desired.RequirementGroup)
        if (id !== null && !known.includes(`RequirementGroup/${name}`))
          expect(project.others?.idsElsewhere).toContain(id.id);
      const [toldOfAll, toldOfPart] = [whole.project.problems, project.problems];
      expect(toldOfAll).toEqual(expect.arrayContaining([...toldOfPart]));
      // A manifest that is only written otherwise is no change.
      const [was, is] = [filesOf(plainly(before)), filesOf(plainly(after))];
      const isOfChange = ({ source }: Problem) => was[`${source?.file}`] !== is[`${source?.file}`];
      expect(toldOfPart.filter(isOfChange)).toEqual(toldOfAll.filter(isOfChange));
      tally.count('part', ...(names.length > 1 ? ['several'] : []));
      if (known.length < namesIn(whole.project.desired).length) tally.count('less');
    });
    await fc.assert(property, runs(25));
    tally.expectAll('part', 'less', 'several', 'all read', 'refused', 'broken before');
  });
});
