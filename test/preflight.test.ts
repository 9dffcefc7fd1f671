import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusalToStart } from '../src/preflight.ts';
import { CLI, ROOT, SAMPLE_KEY } from './support/test-repository.ts';

const versions = { ...process.versions };

describe('a start', () => {
  it.each(['18.20.8', '20.18.3', '16.0.0'])(
    'on Node %s is refused, and names the Node that is needed',
    (node) => {
      expect(refusalToStart({ versions: { ...versions, node }, env: {} })).toBe(
        `regsync needs Node 20.19 or later, and this is Node ${node}. Install a newer Node from https://nodejs.org`,
      );
    },
  );

  it.each(['20.19.0', '22.0.0', '24.1.0', '26.0.0-nightly'])('on Node %s goes on', (node) => {
    expect(
      refusalToStart({ versions: { ...versions, node }, env: { NODE_OPTIONS: '--no-warnings' } }),
    ).toBeNull();
  });

  it.each(['NODE_DEBUG', 'NODE_DEBUG_NATIVE'])('with %s, by which Node prints keys, is refused', (name) => {
    expect(refusalToStart({ versions, env: { [name]: 'http' } })).toContain(`env -u ${name} regsync`);
    expect(refusalToStart({ versions, env: { [name]: '' } })).toBeNull();
  });
});

/** The program or the action as a process, in a folder that a shell deletes before it begins. */
function startIn(folder: string, program: string, args: readonly string[], env: Record<string, string>) {
  const command = `cd ${folder} && rmdir ${folder} && exec "$@"`;
  return spawnSync('/bin/sh', ['-c', command, 'sh', process.execPath, program, ...args], {
    env: { PATH: `${process.env.PATH}`, TELNYX_API_KEY: SAMPLE_KEY, ...env },
    encoding: 'utf8',
  });
}

describe('the program', () => {
  it('ends with a message and no stack where the current folder was deleted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'regsync-gone-'));
    const { status, stderr } = startIn(folder, CLI, ['validate'], {});
    expect([status, stderr]).toEqual([
      3,
      'error: somebody deleted the current folder. cd to another one, or add --chdir DIR\n',
    ]);
  });

  it('needs no current folder where --chdir names another one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'regsync-gone-'));
    const { status, stdout, stderr } = startIn(folder, CLI, ['validate', '--quiet', '--chdir', ROOT], {});
    expect([status, stdout, stderr]).toEqual([0, 'Valid: 2 manifest files, 2 groups.\n', '']);
  });

  it('prints nothing of the key where Node would', () => {
    const env = { ...process.env, TELNYX_API_KEY: SAMPLE_KEY, NODE_DEBUG: 'http,net' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'plan'], {
      env,
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(status).toBe(3);
    expect(stdout + stderr).toContain('NODE_DEBUG is set');
    expect(stdout + stderr).not.toContain(SAMPLE_KEY);
  });
});
