import { Fault } from '../../manifest/fault.ts';
import type { RepositoryPath } from '../../manifest/files/paths.ts';
import { readManifest } from '../../manifest/files/read-text.ts';
import { parseManifests } from '../../manifest/parse.ts';
import type { Observed } from '../../model/observed.ts';
import { type SettingPath, type SettingToWrite, UNSEEN_PATHS } from '../../model/orders/porting.ts';
import { isHidden, isMasked, settingForm } from '../../model/orders/porting-form.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Desired, DesiredPortingOrder } from '../../model/resource.ts';
import { openGit } from './git.ts';
import type { Terminal } from './terminal.ts';

/**
 * The settings whose statement a change brings, by the name of the porting order. Telnyx may show a PIN as stars
 * or not at all, so only the manifest before the change tells whether it is a new one. An order is missing if
 * nothing is known.
 */
export type Restated = ReadonlyMap<string, ReadonlySet<SettingPath>>;

/** Compares with the manifests before the change under review. */
export function restatedSince(
  base: Pick<Desired, 'PortingOrder'> | null,
  { PortingOrder: orders }: Desired,
): Restated {
  const before = new Map(base?.PortingOrder.map((order) => [order.name, order]));
  return new Map(orders.map((order) => [order.name, differing(before.get(order.name), order)]));
}

function differing(
  before: DesiredPortingOrder | undefined,
  now: DesiredPortingOrder,
): ReadonlySet<SettingPath> {
  const formOf = (order: DesiredPortingOrder | undefined, path: SettingPath) =>
    settingForm(path, order?.settings.find((own) => own.path === path)?.value ?? null);
  return new Set(UNSEEN_PATHS.filter((path) => !formOf(before, path).equals(formOf(now, path))));
}

/** Returns what the reviewed plans write, and nothing else, so that an apply does exactly that. */
export function restatedBy(plans: readonly Plan[], { PortingOrder: orders }: Desired): Restated {
  return new Map(
    orders.map(({ name }) => {
      const shown = plans.flatMap(({ changes }) =>
        changes.filter((change) => change.kind === 'PortingOrder' && change.name === name),
      );
      const names = new Set(shown.flatMap(({ order }) => order?.settings.map((own) => own.name) ?? []));
      return [name, new Set(UNSEEN_PATHS.filter((path) => names.has(path)))];
    }),
  );
}

/**
 * Compares with the last commit, as written, for the orders that do not show all that their manifests state. Knows
 * nothing outside of git, and before the first commit.
 */
export async function restatedSinceCommit(
  terminal: Pick<Terminal, 'env'>,
  root: string,
  { PortingOrder: orders }: Desired,
  { PortingOrder: held }: Pick<Observed, 'PortingOrder'>,
): Promise<Restated> {
  const unseen = orders.filter(({ name, settings }) => {
    const observed = held.get(name)?.settings;
    const isUnseen = ({ path, value }: SettingToWrite) =>
      observed !== undefined && (isMasked(path, value, observed) || isHidden(path, value, observed));
    return settings.some(isUnseen);
  });
  if (unseen.length === 0) return new Map();
  const git = openGit(terminal.env, root);
  const head = await git('rev-parse', '--verify', '--quiet', 'HEAD').catch(() => null);
  if (head === null) return new Map();
  const restated = new Map<string, ReadonlySet<SettingPath>>();
  for (const [file, own] of byFileOf(unseen)) {
    const path = file as RepositoryPath;
    const now = readManifest(root, path);
    if (now instanceof Fault) continue;
    const before = await git('show', `HEAD:./${path}`).catch(() => '');
    for (const { name } of own) {
      const [was, is] = [before, now].map((text) => writtenIn(path, text, name));
      restated.set(name, new Set(UNSEEN_PATHS.filter((one) => at(was, one) !== at(is, one))));
    }
  }
  return restated;
}

function byFileOf(
  orders: readonly DesiredPortingOrder[],
): ReadonlyMap<string, readonly DesiredPortingOrder[]> {
  const byFile = new Map<string, DesiredPortingOrder[]>();
  for (const order of orders)
    byFile.set(order.source.file, [...(byFile.get(order.source.file) ?? []), order]);
  return byFile;
}

function writtenIn(path: RepositoryPath, text: string, name: string): unknown {
  const { manifests } = parseManifests(path, text);
  return manifests.find((one) => one.kind === 'PortingOrder' && one.fields.name === name)?.fields;
}

/** Returns the written value as JSON. Empty if there is none. */
function at(fields: unknown, path: SettingPath): string {
  const value = path
    .split('.')
    .reduce<unknown>((node, step) => (node as Record<string, unknown> | null | undefined)?.[step], fields);
  return JSON.stringify(value ?? null);
}
