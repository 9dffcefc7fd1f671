import type { Manifest, Path } from '../manifest/manifest.ts';
import type { Resolution } from '../manifest/resolution.ts';
import type { PlanInput } from '../model/decisions.ts';
import type { DocumentFields, TextSource } from '../model/fields.ts';
import type { DesiredByKind, KindName, KindTypes, ManagedKind, Selected } from '../model/kinds.ts';
import type { Lock } from '../model/lock.ts';
import type { Mask } from '../model/mask.ts';
import type {
  Attention,
  Change,
  PlanChange,
  PlanDiagnostic,
  PlanSummary,
  WritingChange,
} from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type {
  AttachmentKind,
  Catalogue,
  Desired,
  DesiredAttachment,
  Observed,
  RequirementDefinition,
} from '../model/resource.ts';
import type { Sensitive } from '../model/sensitive.ts';
import type { ReadClient } from '../telnyx/client.ts';
import type { PlanKeys } from './values/fingerprint.ts';
import type { Progress } from './writing/outcome.ts';
import type { Run } from './writing/run.ts';

/**
 * What the engines ask of every kind. They know no kind by name: they walk the table in `index.ts`. Methods, so that
 * `Kind<'Address'>` is a `Kind`.
 */
export interface Kind<Name extends KindName = KindName> {
  /** Returns the documents that a manifest names by their files, and where it does so. */
  documentsIn(manifest: Manifest<Name>): readonly StatedDocument[];
  /** Returns the texts that a manifest takes from variables, files or ciphertexts. */
  textSourcesIn(manifest: Manifest<Name>): readonly StatedTextSource[];
  /** Describes a change for people: fingerprints in the place of values. */
  describe(change: Change<Name>, keys: PlanKeys): PlanChange;
  /** Returns what the fingerprint of a plan covers: where the change leads, and what it starts from. */
  startAndEnd(change: Change<Name>): unknown;
}

/** A kind that others refer to, and that follows them. */
export interface Content<Name extends 'Document' | 'Address'> extends Kind<Name> {
  /** Puts what the manifest states where the manifests that name it look it up. */
  define(manifest: Manifest<Name>, resolution: Resolution): void;
}

/** A kind that a run acts on by name. */
export interface Managed<Name extends ManagedKind = ManagedKind> extends Kind<Name> {
  /** The kinds that an apply finishes first. */
  readonly after: readonly ManagedKind[];
  resolve(manifest: Manifest<Name>, resolution: Resolution): KindTypes[Name]['desired'];
  /** Reports what shows only when all manifests are known. */
  check(manifests: readonly Manifest<Name>[], desired: DesiredByKind, resolution: Resolution): void;
  /** Returns the orders that a manifest names by their ids. */
  ordersNamedIn(manifest: Manifest<Name>): readonly NamedInManifest[];
  /** Finds the ids of what manifests state, and checks it against what the country requires. */
  bind(objects: readonly KindTypes[Name]['desired'][], context: BindContext): Bound<Name>;
  /** Subtracts what is observed from what is desired. @param earlier the changes of the kinds before it. */
  plan(input: PlanInput, earlier: readonly WritingChange[]): KindPlan<Name>;
  /** Returns this kind's part of a plan's summary. @param manifests how many are in the run. */
  summarise(changes: readonly Change<Name>[], manifests: number): Partial<PlanSummary>;
  /** Whether the change leaves the values of its object alone: no document is used for it. */
  leavesValues(change: Change<Name>): boolean;
  /** Returns fields of the object's own that a change writes, for people who may see them as they are. */
  plainSettings(change: Change<Name>): readonly PlainSetting[];
  /** Tells the mask every private text that Telnyx may repeat of these objects. */
  hide(mask: Mask, objects: readonly KindTypes[Name]['bound'][], observed: Observed): void;
  /** Carries out a change. It is loaded when an apply needs it: pure engines never import what writes. */
  apply(run: Run, change: Change<Name>, progress: Progress): Promise<void>;
}

/** A kind that is read for itself, not with the account's groups. */
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
  /** What is known of requirements by their ids, whatever the country. */
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
  /** About objects at Telnyx that no manifest names. */
  readonly unmanaged?: readonly Attention[];
  /** How many objects stay as they are; absent where nobody counts them. */
  readonly unchanged?: number;
}

export interface PlainSetting {
  readonly name: string;
  readonly before: Sensitive;
  readonly after: Sensitive;
}

export interface ObserveRun {
  readonly selected: Selected;
  /** Learns what orders hold. */
  readonly mask: Mask;
}

export interface KindReading<Name extends ManagedKind> {
  readonly objects: ReadonlyMap<string, KindTypes[Name]['observed']>;
  /** By the name of a group: the orders that name it, as if it named them. */
  readonly links: ReadonlyMap<string, readonly DesiredAttachment[]>;
  /** Manifests that are wrong about an object. Exit 3. */
  readonly problems: readonly Problem[];
  /** Manifests that mean an object that is not theirs. Exit 5. */
  readonly refusals: readonly Problem[];
  readonly more?: Partial<Pick<Observed, 'lostOrders' | 'rivalOrders'>>;
}
