import { createHash } from 'node:crypto';
import type {
  Lock,
  LockedName,
  LockedRequirement,
  LockedSet,
  NamedRequirement,
  ScheduledVersion,
} from '../model/lock.ts';
import { type AcceptanceCriteria, type FieldType, NO_CRITERIA } from '../model/requirements.ts';
import { combinationKey } from '../model/resource.ts';

/** The version of the lock's file format. Fields have the API's names, and absent values are left out. */

export const FORMAT_VERSION = '1.0';

/** The document that `schemas/lock.schema.json` describes. */
export interface LockDocument {
  readonly apiVersion: 'regsync/v1';
  readonly kind: 'Lock';
  readonly format_version: typeof FORMAT_VERSION;
  readonly sample?: true;
  readonly combinations: readonly SetDocument[];
}

export interface SetDocument extends SetContent {
  readonly digest: string;
}

interface SetContent {
  readonly combination: string;
  readonly added?: true;
  readonly version?: number;
  readonly next?: {
    readonly version: number;
    readonly effective_at?: string;
    readonly adds?: readonly NamedRequirement[];
    readonly removes?: readonly NamedRequirement[];
  };
  readonly requirements: readonly RequirementDocument[];
  readonly former_requirements?: readonly NameDocument[];
}

interface NameDocument extends NamedRequirement {
  readonly former_names?: readonly string[];
}

interface RequirementDocument extends NameDocument {
  readonly field_type: FieldType;
  readonly description?: string;
  readonly example?: string;
  readonly acceptance_criteria?: CriteriaDocument;
}

/** The criteria by their names in the document, in its order. */
const CRITERIA = {
  min_length: 'minLength',
  max_length: 'maxLength',
  acceptable_characters: 'acceptableCharacters',
  acceptable_values: 'acceptableValues',
  regex: 'regex',
  case_sensitive: 'caseSensitive',
  time_limit: 'timeLimit',
  locality_limit: 'localityLimit',
} as const satisfies Readonly<Record<string, keyof AcceptanceCriteria>>;

type CriterionName = keyof typeof CRITERIA;

type CriteriaDocument = {
  readonly [Name in CriterionName]?: NonNullable<AcceptanceCriteria[(typeof CRITERIA)[Name]]>;
};

export function lockDocument(lock: Lock): LockDocument {
  return {
    apiVersion: 'regsync/v1',
    kind: 'Lock',
    format_version: FORMAT_VERSION,
    ...(lock.isSample ? { sample: true } : {}),
    combinations: lock.sets.map((set) => ({ ...contentOf(set), digest: digestOf(set) })),
  };
}

/**
 * Returns `sha256:…` over all fields of a combination. It reveals an edit by hand. It does not prevent
 * forgery, which the review of the file does.
 */
export function digestOf(set: LockedSet): string {
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(contentOf(set)))
    .digest('hex')}`;
}

/** Builds the fields in a fixed order, because the digest depends on it. */
function contentOf(set: LockedSet): SetContent {
  const { added, version, next, former } = set;
  return {
    combination: combinationKey(set.combination),
    ...(added ? { added } : {}),
    ...(version === null ? {} : { version }),
    ...(next === null ? {} : { next: documentNext(next) }),
    requirements: set.requirements.map(documentRequirement),
    ...(former.length === 0 ? {} : { former_requirements: former.map(documentNames) }),
  };
}

function documentNext({
  version,
  effectiveAt,
  adds,
  removes,
}: ScheduledVersion): NonNullable<SetContent['next']> {
  return {
    version,
    ...(effectiveAt === null ? {} : { effective_at: effectiveAt }),
    ...(adds.length === 0 ? {} : { adds: adds.map(documentName) }),
    ...(removes.length === 0 ? {} : { removes: removes.map(documentName) }),
  };
}

function documentName({ id, name }: NamedRequirement): NamedRequirement {
  return { id, name };
}

function documentNames({ id, name, formerNames }: LockedName): NameDocument {
  return { id, name, ...(formerNames.length === 0 ? {} : { former_names: formerNames }) };
}

function documentRequirement(requirement: LockedRequirement): RequirementDocument {
  const { fieldType, description, example } = requirement;
  const criteria = documentCriteria(requirement.criteria);
  return {
    ...documentNames(requirement),
    field_type: fieldType,
    ...(description === '' ? {} : { description }),
    ...(example === '' ? {} : { example }),
    ...(Object.keys(criteria).length === 0 ? {} : { acceptance_criteria: criteria }),
  };
}

function documentCriteria(criteria: AcceptanceCriteria): CriteriaDocument {
  const rules = Object.entries(CRITERIA).map(([name, key]) => [name, criteria[key]] as const);
  return Object.fromEntries(
    rules.filter(([, rule]) => rule !== null && !(Array.isArray(rule) && rule.length === 0)),
  );
}

function readCriteria(document: CriteriaDocument): AcceptanceCriteria {
  const rules = Object.entries(document).map(([name, rule]) => [CRITERIA[name as CriterionName], rule]);
  return { ...NO_CRITERIA, ...Object.fromEntries(rules) };
}

export function readSet(document: SetDocument): LockedSet {
  const [countryCode = '', phoneNumberType = '', action = ''] = document.combination.split('/');
  const { added = false, version = null, next } = document;
  return {
    combination: { countryCode, phoneNumberType, action },
    added,
    version,
    next:
      next === undefined
        ? null
        : {
            version: next.version,
            effectiveAt: next.effective_at ?? null,
            adds: next.adds ?? [],
            removes: next.removes ?? [],
          },
    requirements: document.requirements.map(readRequirement),
    former: (document.former_requirements ?? []).map(readNames),
  };
}

function readNames({ id, name, former_names: formerNames = [] }: NameDocument): LockedName {
  return { id, name, formerNames };
}

function readRequirement(document: RequirementDocument): LockedRequirement {
  return {
    ...readNames(document),
    fieldType: document.field_type,
    description: document.description ?? '',
    example: document.example ?? '',
    criteria: readCriteria(document.acceptance_criteria ?? {}),
  };
}
