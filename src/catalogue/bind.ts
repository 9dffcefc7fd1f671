import type { Lock } from '../model/lock.ts';
import type { ObservedMatch } from '../model/observed.ts';
import type { Problem, SourcePosition } from '../model/problem.ts';
import type { Catalogue, RequirementDefinition } from '../model/requirements.ts';
import {
  type BoundGroup,
  type BoundValue,
  combinationKey,
  type DesiredGroup,
  type DesiredRequirement,
  isRead,
} from '../model/resource.ts';
import { checkContent } from './check-content.ts';
import { findDefinition, joinNames } from './find-definition.ts';
import { guessSometimes, type Knowledge, knowledgeOf, understand } from './knowledge.ts';

/**
 * Turns names and ids in the manifests into requirements of the catalogue, and checks each value. An existing
 * group keeps the requirements it was created with, so a changed regulation alone never makes it invalid. A
 * name in the lock means the requirement that it meant when it was locked, even if the catalogue renames it.
 */
export function bindRequirements(
  groups: readonly DesiredGroup[],
  catalogue: Catalogue,
  matches: ReadonlyMap<string, ObservedMatch>,
  lock: Lock | null = null,
): { readonly groups: readonly BoundGroup[]; readonly problems: readonly Problem[] } {
  const guess = guessSometimes();
  const setOf = remember((key) => knowledgeOf(key, catalogue, lock, guess));
  const results = groups.map((group) =>
    bindGroup(group, setOf(combinationKey(group.combination)), matches.get(group.name) ?? NO_MATCH),
  );
  return {
    groups: results.map((result) => result.group),
    problems: results.flatMap((result) => result.problems),
  };
}

const NO_MATCH: ObservedMatch = { group: null, superseded: [] };

function remember<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

function bindGroup(
  group: DesiredGroup,
  shared: Knowledge,
  match: ObservedMatch,
): { group: BoundGroup; problems: Problem[] } {
  const { definitions, vocabulary } = understand(shared, match);
  const held = match.group?.requirements ?? [];
  const problems: Problem[] = [];
  const values: BoundValue[] = [];
  /** The requirements stated so far, including those whose text is not read. */
  const stated: Stated[] = [];
  for (const requirement of group.requirements) {
    const definition = findDefinition(requirement, group.combination, vocabulary, problems);
    if (definition === null) continue;
    const earlier = stated.find(({ id }) => id === definition.id);
    if (earlier !== undefined) {
      problems.push(repeatedRequirement(requirement, definition, earlier.source));
      continue;
    }
    stated.push({ id: definition.id, source: requirement.source });
    problems.push(
      ...checkContent(
        requirement,
        definition,
        held.findLast((own) => own.requirementId === definition.id),
      ),
    );
    const { content } = requirement;
    if (isRead(content)) {
      values.push({
        requirement: definition,
        content,
        source: requirement.source,
        contentSource: requirement.contentSource,
      });
    }
  }
  problems.push(...missingValues(group, definitions, stated, problems));
  const { requirements: _, ...rest } = group;
  return { group: { ...rest, values, definitions }, problems };
}

/** A requirement that a manifest states, and its position. */
interface Stated {
  readonly id: string;
  readonly source: SourcePosition;
}

function repeatedRequirement(
  requirement: DesiredRequirement,
  definition: RequirementDefinition,
  earlier: SourcePosition,
): Problem {
  return {
    severity: 'error',
    code: 'repeated-requirement',
    message: `requirement "${definition.name}" (${definition.id}) already has a value on line ${earlier.line}`,
    hint: 'Delete one of the two entries.',
    source: requirement.source,
  };
}

/**
 * Reports missing values only if the group has no error: a misspelt requirement is likely the missing one.
 */
function missingValues(
  group: DesiredGroup,
  definitions: readonly RequirementDefinition[],
  stated: readonly Stated[],
  problems: readonly Problem[],
): Problem[] {
  if (group.partial || problems.some((problem) => problem.severity === 'error')) return [];
  const missing = definitions.filter(
    (demand) => demand.fieldType !== 'action' && !stated.some(({ id }) => id === demand.id),
  );
  if (missing.length === 0) return [];
  return [
    {
      severity: 'error',
      code: 'missing-requirement',
      message: `group "${group.name}" leaves ${missing.length === 1 ? 'a requirement' : `${missing.length} requirements`} without a value: ${joinNames(missing, ({ name, id }) => `"${name}" (${id})`)}`,
      hint: 'Add the value. If you leave it out on purpose, add `partial: true`.',
      source: group.source,
    },
  ];
}
