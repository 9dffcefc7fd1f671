import type { Policy } from '../../model/plan/policy.ts';
import type { Problem } from '../../model/problem.ts';
import { Fault } from '../fault.ts';
import { hintAtNearPath } from '../files/near-path.ts';
import { type RepositoryPath, resolvePath } from '../files/paths.ts';
import { readManifest } from '../files/read-text.ts';
import type { ConfiguredPolicy, Repository } from '../repository.ts';
import { quoted } from '../visible.ts';

export interface PolicyReading {
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
}

/** Reads and compiles the policies of the configuration. The compiler is loaded only if there are some. */
export async function readPolicies({
  root,
  config,
}: Pick<Repository, 'root' | 'config'>): Promise<PolicyReading> {
  const policies: Policy[] = [];
  const problems: Problem[] = [];
  for (const entry of config.policies ?? []) {
    const policy = await readPolicy(root, entry);
    if ('severity' in policy && 'findViolations' in policy) policies.push(policy);
    else problems.push(policy);
  }
  return { policies, problems };
}

async function readPolicy(root: string, entry: ConfiguredPolicy): Promise<Policy | Problem> {
  const { file, over, time_zone: timeZone = 'UTC', source } = entry;
  if (!isTimeZone(timeZone)) return unknownTimeZone(timeZone).at(source);
  const path = resolvePath('', file);
  if (path instanceof Fault) return path.at(source);
  const text = readManifest(root, path);
  if (text instanceof Fault) return unreadable(root, path, text).about(path).at(source);
  const schema = parseSchema(path, text);
  if (schema instanceof Fault) return schema.atFile(path);
  const { title, description = '', 'x-severity': severity = 'error' } = schema;
  if (typeof title !== 'string' || title.trim() === '') return UNTITLED.atFile(path);
  if (typeof description !== 'string' || (severity !== 'error' && severity !== 'warning'))
    return WRONG_WORDS.atFile(path);
  const { compilePolicy } = await import('./compile.ts');
  const findViolations = compilePolicy(schema);
  if (findViolations instanceof Fault) return findViolations.atFile(path);
  return { title, description, severity, file: path, over, timeZone, findViolations };
}

function unreadable(root: string, path: RepositoryPath, fault: Fault): Fault {
  if (fault.code !== 'file-not-found' || fault.hint !== undefined) return fault;
  const hint = hintAtNearPath(root, path) ?? 'Write its path from the folder of regsync.yaml.';
  return new Fault(fault.code, fault.message, hint);
}

function parseSchema(path: RepositoryPath, text: string): Readonly<Record<string, unknown>> | Fault {
  try {
    const schema: unknown = JSON.parse(text);
    const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema);
    return isObject ? (schema as Record<string, unknown>) : NOT_A_SCHEMA;
  } catch {
    return new Fault(NOT_A_SCHEMA.code, `${quoted(path)} is not JSON`, NOT_A_SCHEMA.hint);
  }
}

const INVALID = 'invalid-policy';

const NOT_A_SCHEMA = new Fault(
  INVALID,
  'a policy is a JSON object',
  'Write a JSON Schema with a "title" into this file, or remove it from `policies` in regsync.yaml.',
);

const UNTITLED = new Fault(
  INVALID,
  'this policy has no "title", by which a violation is reported',
  'Add a line such as "title": "No deletes on a Friday".',
);

const WRONG_WORDS = new Fault(
  INVALID,
  '"description" must be a text, and "x-severity" must be "error" or "warning"',
  'Correct it in this file.',
);

function unknownTimeZone(timeZone: string): Fault {
  return new Fault(
    INVALID,
    `no time zone is named ${quoted(timeZone)}`,
    'Name one of the IANA database, such as Europe/Berlin or UTC.',
  );
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone });
    return true;
  } catch {
    return false;
  }
}
