import { bindRequirements } from '../catalogue/bind.ts';
import type { RepositoryPath } from '../manifest/files/paths.ts';
import { MAX_MANIFEST_BYTES } from '../manifest/files/read-text.ts';
import { parseManifests } from '../manifest/parse.ts';
import type { DocumentDigest } from '../manifest/resolution.ts';
import { byKind } from '../model/kinds.ts';
import type { Lock } from '../model/lock.ts';
import { nameOrder } from '../model/orders/observed-order.ts';
import type { GroupChange } from '../model/plan/change.ts';
import { CLOSED_GATES } from '../model/plan/gates.ts';
import { isEncryptedPath } from '../model/privacy/encrypted-path.ts';
import type { Problem } from '../model/problem.ts';
import type { Catalogue } from '../model/requirements.ts';
import { type Account, observeAccount } from '../observe/account.ts';
import { planChanges } from '../plan/plan.ts';
import type { Loaded } from '../resolve/load.ts';
import { resolveManifests } from '../resolve/resolve.ts';
import type { Composition } from './composition.ts';

/**
 * Plans the manifests to write, together with those in the repository, against the account as it was read.
 * The manifests pass the same parser, resolver and planner as in the next `plan`. Returns, by name, why a
 * group may not be written. Empty if the next plan of all groups is empty.
 */
export function checkComposition(
  composition: Composition,
  context: CheckContext,
): ReadonlyMap<string, string> {
  const { loaded, account, catalogue, lock = null } = context;
  const objections = new Objections(composition);
  objections.addOversized();
  if (objections.byName.size > 0) return objections.byName;
  const parsed = composition.manifests.map(({ path, text }) => parseManifests(path, text));
  const { scope, formerScope } = loaded.desired;
  const { desired, problems } = resolveManifests(
    [...loaded.parsed, ...parsed],
    withNew(composition, loaded),
    {
      scope,
      ...(formerScope === undefined ? {} : { formerScope }),
      env: null,
      warnsOfPlaintext: false,
    },
  );
  objections.addProblems([...parsed.flatMap((file) => file.problems), ...problems]);

  const names = new Set(composition.groups.map(({ name }) => name));
  const { observed, problems: mistakes, refusals } = observeAccount(account, desired);
  objections.addProblems([...mistakes, ...refusals]);
  const selected = desired.RequirementGroup.filter(({ name }) => names.has(name));
  const bound = bindRequirements(selected, catalogue, observed.RequirementGroup, lock);
  objections.addProblems(bound.problems);
  const { changes } = planChanges({
    ...byKind(() => []),
    RequirementGroup: bound.groups,
    observed,
    gates: CLOSED_GATES,
    limits: { maxDeletes: 0, maxDeleteFraction: 0 },
    warnDays: 0,
    narrowedBy: [],
  });
  for (const change of changes) if (change.kind === 'RequirementGroup') objections.addChange(change);
  for (const { name, manifest } of composition.groups) {
    const meant = observed.RequirementGroup.get(name)?.group;
    if (meant?.id !== manifest.group.id) objections.add(name, 'its manifest would mean another group');
    if (namesOf(observed.orders.get(name) ?? []) !== namesOf(manifest.orders))
      objections.add(name, 'its manifest would mean other orders');
  }
  return objections.byName;
}

/** The repository and the account that the manifests are checked against. */
export interface CheckContext {
  readonly loaded: Loaded;
  readonly account: Account;
  readonly catalogue: Catalogue;
  /** The lock that the next plan reads names by. Null or absent if there is none. */
  readonly lock?: Lock | null;
}

function namesOf(orders: readonly Parameters<typeof nameOrder>[0][]): string {
  return orders.map(nameOrder).sort().join();
}

function withNew({ documents, plaintexts }: Composition, { contents }: Loaded): Loaded['contents'] {
  const digests = documents.map(({ path, sha256, bytes }): [RepositoryPath, DocumentDigest] => [
    path as RepositoryPath,
    { sha256: isEncryptedPath(path) ? null : sha256, bytes },
  ]);
  return {
    ...contents,
    documents: new Map([...contents.documents, ...digests]),
    ciphertexts: new Map([...contents.ciphertexts, ...plaintexts]),
  };
}

/** The first objection to each group. */
class Objections {
  readonly byName = new Map<string, string>();
  readonly #composition: Composition;

  constructor(composition: Composition) {
    this.#composition = composition;
  }

  add(name: string, why: string): void {
    if (!this.byName.has(name)) this.byName.set(name, why);
  }

  addProblems(problems: readonly Problem[]): void {
    for (const { severity, source, code, message } of problems) {
      if (severity !== 'error') continue;
      for (const name of this.#namesIn(source?.file)) this.add(name, `${code}: ${message}`);
    }
  }

  addChange({ name, actions, writes, writesReference }: GroupChange): void {
    const touched = writes.map(({ requirementName }) => `"${requirementName}"`);
    if (writesReference !== null) touched.push('customer_reference');
    const what = touched.length === 0 ? '' : ` of ${touched.join(', ')}`;
    this.add(name, `the next plan would not be empty: ${actions.join(', ')}${what}`);
  }

  addOversized(): void {
    for (const { text, groups } of this.#composition.manifests) {
      if (Buffer.byteLength(text) <= MAX_MANIFEST_BYTES) continue;
      for (const name of groups) this.add(name, 'its manifest would be larger than 1 MiB');
    }
  }

  /** Returns the groups of a new manifest, or all groups for a problem that belongs to none of them. */
  #namesIn(file: string | undefined): readonly string[] {
    const manifest = this.#composition.manifests.find(({ path }) => path === file);
    return manifest?.groups ?? this.#composition.groups.map(({ name }) => name);
  }
}
