import type { Manifest, Path } from '../manifest/manifest.ts';
import type { Resolution } from '../manifest/resolution.ts';
import type { DocumentFields, TextSource } from '../model/fields.ts';
import type { DesiredByKind, KindName, KindTypes, ManagedKind, Selected } from '../model/kinds.ts';
import type { Lock } from '../model/lock.ts';
import type { Observed } from '../model/observed.ts';
import type { Change, WritingChange } from '../model/plan/change.ts';
import type { PlanInput } from '../model/plan/decisions.ts';
import type { Attention, PlanChange, PlanDiagnostic, PlanSummary } from '../model/plan/plan.ts';
import type { Redactor } from '../model/privacy/redactor.ts';
import type { Sensitive } from '../model/privacy/sensitive.ts';
import type { Problem } from '../model/problem.ts';
import type { Catalogue, RequirementDefinition } from '../model/requirements.ts';
import type { AttachmentKind, Desired, DesiredAttachment } from '../model/resource.ts';
import type { ReadClient } from '../telnyx/client.ts';
import type { PlanKeys } from './values/fingerprint.ts';
import type { Progress } from './writing/outcome.ts';
import type { Run } from './writing/run.ts';

/**
 * The methods that the engines call for every kind. They know no kind by name: they walk the table in
 * `index.ts`. Methods, unlike properties, make `Kind<'Address'>` a `Kind`.
 */
export interface Kind<Name extends KindName = KindName> {
  /** Returns the documents that a manifest names by their files, with their positions. */
  documentsIn(manifest: Manifest<Name>): readonly StatedDocument[];
  /** Returns the texts that a manifest takes from variables, files or ciphertexts. */
  textSourcesIn(manifest: Manifest<Name>): readonly StatedTextSource[];
  /** Describes a change for people, with fingerprints in place of values. */
  describe(change: Change<Name>, keys: PlanKeys): PlanChange;
  /** Returns the input of a plan's fingerprint: where the change leads, and what it starts from. */
  startAndEnd(change: Change<Name>): unknown;
}

/** A kind that other kinds refer to. A run acts on it only for them. */
export interface Content<Name extends 'Document' | 'Address'> extends Kind<Name> {
  /** Registers the object under its name, by which other manifests look it up. */
  define(manifest: Manifest<Name>, resolution: Resolution): void;
}

/** A kind that a run acts on by name. */
export interface Managed<Name extends ManagedKind = ManagedKind> extends Kind<Name> {
  /** The kinds that an apply finishes first. */
  readonly after: readonly ManagedKind[];
  resolve(manifest: Manifest<Name>, resolution: Resolution): KindTypes[Name]['desired'];
  /** Reports mistakes that only show when all manifests are known. */
  check(manifests: readonly Manifest<Name>[], desired: DesiredByKind, resolution: Resolution): void;
  /** Returns the orders that a manifest names by their ids. */
  ordersNamedIn(manifest: Manifest<Name>): readonly NamedInManifest[];
  /** Finds the ids of what manifests state, and checks the values against the requirements of the country. */
  bind(objects: readonly KindTypes[Name]['desired'][], context: BindContext): Bound<Name>;
  /**
   * Subtracts what is observed from what is desired.
   *
   * @param earlier the changes of the kinds before it.
   */
  plan(input: PlanInput, earlier: readonly WritingChange[]): KindPlan<Name>;
  /**
   * Returns this kind's part of a plan's summary.
   *
   * @param manifests the number of manifests of this kind in the run.
   */
  summarise(changes: readonly Change<Name>[], manifests: number): Partial<PlanSummary>;
  /** Returns the input of the digest of a change that leads to this object. */
  end(object: KindTypes[Name]['bound']): unknown;
  /** Returns true if the change leaves the values of its object alone, so that no document is used for it. */
  leavesValues(change: Change<Name>): boolean;
  /** Returns the object's own fields that a change writes, for people who may see them as they are. */
  plainSettings(change: Change<Name>): readonly PlainSetting[];
  /** Tells the mask every private text that Telnyx may repeat of these objects. */
  hide(redactor: Redactor, objects: readonly KindTypes[Name]['bound'][], observed: Observed): void;
  /**
   * Carries out a change. Its code is loaded when an apply needs it, because pure engines never import code
   * that writes.
   */
  apply(run: Run, change: Change<Name>, progress: Progress): Promise<void>;
}

/** A kind whose objects are read by themselves, and not with the account's groups. */
export interface Observable<Name extends Exclude<ManagedKind, 'RequirementGroup'>> extends Managed<Name> {
  observe(client: ReadClient, desired: Desired, run: ObserveRun): Promise<KindReading<Name>>;
}

export interface StatedDocument {
  readonly path: Path;
  readonly document: DocumentFields;
}

export interface StatedTextSource {
  readonly path: Path;
  readonly source: TextSource;
}

export interface NamedInManifest {
  readonly kind: AttachmentKind;
  readonly id: string;
  readonly path: Path;
}

export interface BindContext {
  readonly catalogue: Catalogue;
  readonly lock: Lock | null;
  /** The known requirements of every country, by their ids. */
  readonly definitions: ReadonlyMap<string, RequirementDefinition>;
  readonly observed: Observed;
}

export interface Bound<Name extends ManagedKind> {
  readonly objects: readonly KindTypes[Name]['bound'][];
  readonly problems: readonly Problem[];
}

export interface KindPlan<Name extends ManagedKind = ManagedKind> {
  readonly changes: readonly Change<Name>[];
  readonly attention: readonly Attention[];
  readonly diagnostics: readonly PlanDiagnostic[];
  /** The attention for objects at Telnyx that no manifest names. */
  readonly unmanaged?: readonly Attention[];
  /** The number of objects that stay as they are. Absent if nobody counts them. */
  readonly unchanged?: number;
}

/** The plan of one object. Its change is null if nothing is to be done. */
export interface PlannedOne<Name extends ManagedKind> {
  readonly change: Change<Name> | null;
  readonly attention: readonly Attention[];
  readonly diagnostics: readonly PlanDiagnostic[];
}

export function joinPlans<Name extends ManagedKind>(plans: readonly PlannedOne<Name>[]): KindPlan<Name> {
  return {
    changes: plans.flatMap(({ change }) => (change === null ? [] : [change])),
    attention: plans.flatMap(({ attention }) => attention),
    diagnostics: plans.flatMap(({ diagnostics }) => diagnostics),
  };
}

export interface PlainSetting {
  readonly name: string;
  readonly before: Sensitive;
  readonly after: Sensitive;
}

export interface ObserveRun {
  readonly selected: Selected;
  /** The mask, which learns what orders hold. */
  readonly redactor: Redactor;
}

export interface KindReading<Name extends ManagedKind> {
  readonly objects: ReadonlyMap<string, KindTypes[Name]['observed']>;
  /** The orders that name a group, by the group's name, as if the group named them. */
  readonly links: ReadonlyMap<string, readonly DesiredAttachment[]>;
  /** The mistakes of manifests about an object. Exit 3. */
  readonly problems: readonly Problem[];
  /** The manifests that mean an object that is not theirs. Exit 5. */
  readonly refusals: readonly Problem[];
  readonly more?: Partial<Pick<Observed, 'lostOrders' | 'rivalOrders'>>;
}
