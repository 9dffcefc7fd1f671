import { digestOf, FORMAT_VERSION, type LockDocument, readSet } from '../catalogue/lock-document.ts';
import { LOCK_FILE, type Lock } from '../model/lock.ts';
import type { Problem } from '../model/problem.ts';
import { combinationKey } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';
import { Fault } from './fault.ts';
import { readLockText } from './files/read-text.ts';
import { validateLock } from './lock-validators.js';
import { locate, type Path } from './manifest.ts';
import { explainViolations } from './mistakes/violations.ts';
import { quoted } from './visible.ts';
import { findConflict } from './yaml/common-mistakes.ts';
import { readYaml } from './yaml/read-yaml.ts';
import { SourceText } from './yaml/source.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

export interface LockReading {
  /** Is null if the lock cannot be understood. One edited by hand is kept, with a `lock-edited` problem. */
  readonly lock: Lock | null;
  readonly problems: readonly Problem[];
}

/** Reads the lock at the repository's root, which must exist. It is confined and capped like manifests. */
export async function readLock(root: string): Promise<LockReading> {
  const text = readLockText(root);
  if (!(text instanceof Fault)) return parseLock(text);
  // A fault with its own next step, such as fetching the file behind a pointer, keeps it.
  const problem = text.atFile(LOCK_FILE);
  return broken([text.hint === undefined ? restorable(problem) : problem]);
}

/** Parses the lock, and never throws for any text. */
export function parseLock(text: string): LockReading {
  const source = new SourceText(LOCK_FILE, text);
  const conflict = findConflict(source, 'Take either side of the file, then run `regsync lock`.');
  if (conflict !== null) return broken([conflict]);
  const { documents, problems } = readYaml(source);
  const [node] = documents;
  if (problems.length > 0 || node === undefined) return broken(problems.map(restorable));
  const fault = findFormatFault(documents);
  if (fault !== null) return broken([source.problem(locate(node, fault.path).at, fault.fault)]);
  if (!validateLock(node.value)) {
    return broken(explainViolations(validateLock.errors ?? [], node, source).map(restorable));
  }
  return readDocument(node.value as LockDocument, (index, fault) =>
    fault.at(source.position(locate(node, ['combinations', index]).at)),
  );
}

function broken(problems: readonly Problem[]): LockReading {
  return { lock: null, problems: problems.slice(0, MAX_PROBLEMS) };
}

const MAX_PROBLEMS = 100;

const RESTORE = 'Restore the file from git; or delete it, run `regsync lock`, and review the difference.';

/** Replaces the hint: nobody writes a lock by hand, so correcting its spelling does not help. */
function restorable(problem: Problem): Problem {
  return { ...problem, hint: RESTORE };
}

const NO_LOCK = new Fault('not-a-lock', 'this is not a lock that regsync wrote', RESTORE);

function findFormatFault(documents: readonly YamlNode[]): { path: Path; fault: Fault } | null {
  const [node] = documents;
  const written = (key: string): unknown => node?.entries.get(key)?.node.value;
  if (documents.length > 1 || written('kind') !== 'Lock') return { path: ['kind'], fault: NO_LOCK };
  for (const [key, known] of [
    ['apiVersion', 'regsync/v1'],
    ['format_version', FORMAT_VERSION],
  ] as const) {
    const version = written(key);
    if (typeof version !== 'string' || version === known) continue;
    const message = `this lock has the format ${quoted(version)}; this version of regsync reads "${known}"`;
    return { path: [key], fault: new Fault('other-lock-format', message, OTHER_VERSION) };
  }
  return written('combinations') === undefined ? { path: [], fault: NO_LOCK } : null;
}

const OTHER_VERSION = 'Run the version of regsync that wrote it, or a newer one.';

function readDocument(
  document: LockDocument,
  problemAt: (index: number, fault: Fault) => Problem,
): LockReading {
  const found = document.combinations.map((entry, index) => {
    const set = readSet(entry);
    return { set, index, key: combinationKey(set.combination), isEdited: digestOf(set) !== entry.digest };
  });
  const first = new Map(found.toReversed().map(({ key, index }) => [key, index]));
  const repeated = found.filter(({ key, index }) => first.get(key) !== index);
  if (repeated.length > 0) {
    return broken(
      repeated.map(({ key, index }) =>
        problemAt(index, new Fault('duplicate-name', `${key} is in the lock twice`, RESTORE)),
      ),
    );
  }
  return {
    lock: {
      isSample: document.sample ?? false,
      sets: found.sort((a, b) => compareText(a.key, b.key)).map(({ set }) => set),
    },
    problems: found
      .filter(({ isEdited }) => isEdited)
      .map(({ key, index }) => problemAt(index, editedFault(key))),
  };
}

export const EDITED = 'lock-edited';

function editedFault(key: string): Fault {
  const message = `somebody edited ${key} after \`regsync lock\` wrote it: its digest does not match`;
  return new Fault(EDITED, message, 'Restore the file from git, or run `regsync lock` to ask Telnyx again.');
}
