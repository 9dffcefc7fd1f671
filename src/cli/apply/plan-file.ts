import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { VERSION } from '../../build.ts';
import { writeWholeFile } from '../../files/write.ts';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { renderJson } from '../../render/json.ts';
import { formatBytes } from '../../render/words/wording.ts';
import type { Terminal } from '../session/terminal.ts';

/**
 * The size of half a million groups. A plan has to be one string, and V8 limits a string to less than 512
 * MiB.
 */
const MAX_PLAN_BYTES = 500 * 1024 * 1024;

/**
 * @param root the repository.
 * @throws RefusedError if the plan would be too large to be read again.
 */
export async function writePlanFile(path: string, plan: Plan, root: string): Promise<void> {
  await writeWholeFile(path, planText(path, plan), { what: 'the plan', mode: 0o600, root });
}

/** @param maxBytes limit that only tests set. */
export function planText(path: string, plan: Plan, maxBytes = MAX_PLAN_BYTES): string {
  const text = renderUnlessTooLong(plan);
  if (text !== null && Buffer.byteLength(text) <= maxBytes) return text;
  throw new RefusedError(
    `regsync did not write the plan to ${path}: it is larger than ${formatBytes(maxBytes)}. ` +
      'Plan a part of the manifests: add paths, --target or --shard.',
  );
}

/** Returns null if the text is too long for a string. */
function renderUnlessTooLong(plan: Plan): string | null {
  try {
    return renderJson(plan);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** @throws RefusedError if the file is not a plan. Only its MAC tells whether a plan is authentic. */
export async function readPlanFile(path: string): Promise<Plan> {
  const text = await readText(path);
  const { validatePlan } = await import('../../cli/apply/plan-validators.js');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RefusedError(
      `${path} is not JSON: somebody changed or cut it. Make a new plan with \`regsync plan --out FILE\`.`,
    );
  }
  if (!validatePlan(value))
    throw new RefusedError(
      `${path} ${whyNotAPlan(value)}. Make a new plan with \`regsync plan --out FILE\`.`,
    );
  return value as Plan;
}

/** The version in the file is shown only if it looks like one: anybody may have written the file. */
function whyNotAPlan(value: unknown): string {
  const { regsync_version: version } = asPlan(value) ?? {};
  const other = typeof version === 'string' && /^\d+\.\d+\.\d+$/.test(version) && version !== VERSION;
  return other
    ? `is a plan of regsync ${version}, and this is ${VERSION}: plan and apply need the same version`
    : `is not a plan that this version of regsync (${VERSION}) wrote`;
}

/** Returns null if the value does not have the fields that mark a plan. */
function asPlan(value: unknown): Partial<Record<keyof Plan, unknown>> | null {
  const isPlan =
    typeof value === 'object' && value !== null && 'regsync_version' in value && 'fingerprint' in value;
  return isPlan ? value : null;
}

/**
 * Refuses a plan file among the paths, as other programs take it. regsync takes it with `--plan`.
 *
 * @throws InvalidInputError that says so.
 */
export async function refusePlanFiles(
  { cwd }: Pick<Terminal, 'cwd'>,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    if (!path.endsWith('.json')) continue;
    const text = await readRegularFile(resolve(cwd, path)).catch(() => '');
    if (isPlanText(text))
      throw new InvalidInputError(`${path} is a plan file. To apply it, run: regsync apply --plan ${path}`);
  }
}

function isPlanText(text: string): boolean {
  try {
    return asPlan(JSON.parse(text)) !== null;
  } catch {
    return false;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    if (error instanceof RefusedError || error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(`the plan file ${path} ${inWords(error as NodeJS.ErrnoException)}`);
  }
}

/**
 * Reads a regular file up to the size that it has now. Opens it without blocking, because a pipe may wait for
 * ever.
 */
async function readRegularFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      const what = stats.isDirectory() ? 'is a folder' : 'is a pipe, a device or a socket';
      throw new InvalidInputError(
        `the plan file ${path} ${what}. Write the path of the file that \`regsync plan --out FILE\` wrote`,
      );
    }
    if (stats.size > MAX_PLAN_BYTES) {
      throw new RefusedError(
        `${path} is too large to be a plan: it has ${formatBytes(stats.size)}, and a plan file up to ${formatBytes(MAX_PLAN_BYTES)}`,
      );
    }
    const bytes = Buffer.allocUnsafe(stats.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.toString('utf8', 0, filled);
  } finally {
    await file.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist. Make one with `regsync plan --out FILE`',
  ENOTDIR: 'does not exist: a part of its path is not a folder',
  ENXIO: 'is a socket. Write the path of the file that `regsync plan --out FILE` wrote',
};

function inWords(error: NodeJS.ErrnoException): string {
  return REASONS[error.code ?? ''] ?? `cannot be read: ${whyUnusable(error)}`;
}
