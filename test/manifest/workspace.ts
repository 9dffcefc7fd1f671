import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRepository } from '../../src/manifest/repository.ts';
import type { Variables } from '../../src/manifest/resolution.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Desired } from '../../src/model/resource.ts';
import { loadDesired } from '../../src/resolve/load.ts';

export const CONFIG = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n';

export interface Workspace {
  readonly root: string;
  readonly at: (path: string) => string;
  readonly load: (
    env?: Variables | null,
  ) => Promise<{ desired: Desired; problems: Problem[]; files: number }>;
}

/** A repository in a temporary folder that is gone after the test. */
export async function workspace(files: Readonly<Record<string, string | Uint8Array>>): Promise<Workspace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'regsync-manifest-')));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const at = (path: string): string => join(root, path);
  for (const [path, content] of Object.entries({ 'regsync.yaml': CONFIG, ...files })) {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), content);
  }
  const load = async (env: Variables | null = null) =>
    loadDesired(await openRepository({ cwd: root }), { env });
  return { root, at, load };
}

/** A group's manifest: its first seven lines, and what is added to them. */
export function group(name: string, rest = ''): string {
  return [
    'apiVersion: regsync/v1',
    'kind: RequirementGroup',
    `name: ${name}`,
    'country_code: DE',
    'phone_number_type: local',
    'action: ordering',
    rest,
  ].join('\n');
}

/** A group with one requirement; `value` is on line 9. */
export function groupWith(value: string): string {
  return group('acme', `requirements:\n  - requirement: Contact Info\n    ${value}\n`);
}

export function codes(problems: readonly Problem[]): string[] {
  return problems.map((problem) => problem.code);
}

/** `groups/a.yaml:3:7 quote-it` */
export function places(problems: readonly Problem[]): string[] {
  return problems.map(({ source, code }) =>
    source === undefined ? code : `${source.file}:${source.line}:${source.column} ${code}`,
  );
}
