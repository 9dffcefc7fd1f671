import { spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { findProgram, whenInstalled } from '../../support/programs/programs.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../../support/test-repository.ts';

/** It looks every half second at first, and 20 seconds of waiting are one. */
const { file: program } = buildWithClocks(0.05);
/** Quick too, and yet slow enough for a test to act between two of its readings. */
const { file: patientProgram } = buildWithClocks(0.4);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(() => repository.end());

const GERMAN = 'reference=regsync/acme/de-local';
const FRENCH = 'reference=regsync/acme/fr-local';

/** A wait as a process of its own, and what it has said so far. */
function startWaiting(...args: string[]) {
  return startProgram(program, args);
}

function startProgram(program: string, args: readonly string[]) {
  const { child, result } = repository.start(['status', '--wait', ...args], { program });
  let heard = '';
  child.stderr?.on('data', (chunk) => (heard += chunk));
  const says = async (text: string) => {
    while (!heard.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended without saying "${text}": ${heard}`);
      await new Promise((again) => setTimeout(again, 10));
    }
  };
  return { child, result, says };
}

describe('status --wait', () => {
  it('says each change when it comes, and ends with the table when nothing is under review any more', async () => {
    const { child, result, says } = startWaiting();
    await says('Waiting for 2 groups under review (de-local, fr-local), for 1 d at most.');
    await repository.forgetRequests();
    await repository.control(`groups/approve?${GERMAN}`, {});
    await says('UTC  de-local  pending-approval → approved\n');
    expect(child.exitCode).toBeNull();
    const looks = await repository.requests();
    expect(
      looks.every(({ method, path }) => method === 'GET' && path.startsWith('/requirement_groups')),
    ).toBe(true);
    await repository.control(`groups/approve?${FRENCH}`, {});
    const { code, out, err } = await result;
    expect(code).toBe(0);
    expect(out).toContain('2 groups: 2 approved.');
    expect(err).toContain('fr-local  pending-approval → approved');
    expect(out).not.toContain('Waiting');
  });

  it('costs one request a look while nothing changes', async () => {
    const { child, result, says } = startWaiting();
    await says('Waiting for');
    await repository.forgetRequests();
    const looks = async () => (await repository.requests()).map(({ path }) => path);
    while ((await looks()).length < 3) await new Promise((again) => setTimeout(again, 20));
    expect(new Set(await looks())).toEqual(new Set(['/requirement_groups']));
    child.kill('SIGTERM');
    expect((await result).code).toBe(130);
  });

  it('exits 4 and names the group when one is declined', async () => {
    const { result, says } = startWaiting();
    await says('Waiting for');
    await repository.control(`groups/approve?${FRENCH}`, {});
    await repository.control(`groups/decline?${GERMAN}`, { comment: 'Please send a newer bill' });
    const { code, out, err } = await result;
    expect(code).toBe(4);
    expect(out).toContain('│ Please send a newer bill');
    expect(err).toMatch(/not approved: de-local\n$/);
  });

  it('exits 4 in the same way when it comes too late to see the decision', async () => {
    await repository.control('approve-all', {});
    await repository.control(`groups/decline?${GERMAN}`, {});
    const { code, err } = await startWaiting().result;
    expect(code).toBe(4);
    expect(err).not.toContain('Waiting');
  });

  it('ends at once when nothing is under review', async () => {
    await repository.control('approve-all', {});
    const { code, out, err } = await startWaiting().result;
    expect([code, err]).toEqual([0, 'Reading Telnyx for 2 groups\n']);
    expect(out).toContain('2 groups: 2 approved.');
  });

  it('gives up after --timeout: exit 4, what is left is said, and stdout is one JSON document', async () => {
    const { code, out, err } = await startWaiting('--timeout', '20s', '--format', 'json').result;
    expect(code).toBe(4);
    expect(JSON.parse(out).summary.standings).toMatchObject({ 'under-review': 2 });
    expect(err).toMatch(
      /timed out after 20 s: 2 groups still under review\. To wait longer, run it again\.\n$/,
    );
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is ended by %s: exit 130, saying what goes on', async (signal) => {
    const { child, result, says } = startWaiting();
    await says('Waiting for');
    child.kill(signal);
    const { code, out, err } = await result;
    expect([code, out]).toEqual([130, '']);
    expect(err).toContain(
      'error: interrupted. Telnyx continues with 2 groups under review (de-local, fr-local)',
    );
  });

  it('outlives an outage', async () => {
    const { result, says } = startWaiting();
    await says('Waiting for');
    await repository.control('faults', {
      kind: 'status',
      status: 503,
      times: 7,
      match: { method: 'GET', path: '^/requirement_groups' },
    });
    await says('regsync cannot read Telnyx, and keeps waiting.');
    await repository.control('approve-all', {});
    expect((await result).code).toBe(0);
  });

  it('does not outlive a key that is withdrawn', async () => {
    const { result, says } = startWaiting();
    await says('Waiting for');
    await repository.control('keys', { key: SAMPLE_KEY, state: 'revoked' });
    expect((await result).code).toBe(7);
  });

  it('waits no longer for a group that is deleted meanwhile', async () => {
    const { result, says } = startWaiting();
    await says('Waiting for');
    await repository.control(`groups/approve?${FRENCH}`, {});
    const german = (await repository.state()).groups.find(({ country_code }) => country_code === 'DE');
    await fetch(`${repository.sandbox.url}/requirement_groups/${german?.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${SAMPLE_KEY}` },
    });
    const { code, out, err } = await result;
    expect(code).toBe(0);
    expect(err).toContain('de-local  pending-approval → absent');
    expect(out).toContain('2 groups: 1 approved, 1 not submitted.');
  });

  it('is not deceived by lists that lag behind the apply before it', async () => {
    // Real time: the applied groups are missing from lists until they are this old.
    await repository.control('quirks', { list_lag_ms: 600_000 }, 'PATCH');
    await repository.forgetRequests();
    const { result, says } = startProgram(patientProgram, []);
    await says('Reading Telnyx');
    while (!(await repository.requests()).some(({ path }) => path === '/requirement_groups')) {
      await new Promise((again) => setTimeout(again, 5));
    }
    await repository.control('quirks', { list_lag_ms: 0 }, 'PATCH');
    await says('Waiting for 2 groups');
    await repository.control('approve-all', {});
    expect((await result).code).toBe(0);
  });

  it('believes no list that leaves out what it should hold', async () => {
    const { result, says } = startWaiting();
    await says('Waiting for');
    await repository.control('quirks', { list_lag_ms: 600_000 }, 'PATCH');
    await repository.control(`groups/approve?${GERMAN}`, {});
    await says('de-local  pending-approval → approved');
    await repository.control('quirks', { list_lag_ms: 0 }, 'PATCH');
    await repository.control('approve-all', {});
    const { code, err } = await result;
    expect(code).toBe(0);
    expect(err).not.toContain('absent');
  });

  it('says nothing but the result with --quiet', async () => {
    const { result } = startWaiting('--quiet', '--timeout', '10s');
    expect((await result).err).toMatch(/^timed out/);
  });

  it.each([
    ['without --wait', ['status', '--timeout', '5m'], 'add --wait to use --timeout'],
    ['without a unit', ['status', '--wait', '--timeout', '90'], 'Write a duration such as 90s'],
    ['of nothing', ['status', '--wait', '--timeout', '0s'], 'Write a duration'],
    ['of years', ['status', '--wait', '--timeout', '400d'], 'at most 90 days'],
  ])('a --timeout %s is refused', async (_, args, message) => {
    const { code, err } = await repository.run(args);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });
});

describe.runIf(process.platform === 'linux' && whenInstalled('script'))('on a terminal (script)', () => {
  it('draws one block over and over, keeps each change, and leaves the table alone at the end', async () => {
    const command = `"${process.execPath}" "${program}" status --wait`;
    const child = spawn(
      findProgram('script') ?? '',
      ['-qefc', `stty cols 72 rows 20; exec ${command}`, '/dev/null'],
      {
        cwd: repository.folder,
        env: {
          PATH: `${process.env.PATH}`,
          TERM: 'xterm',
          TELNYX_API_KEY: SAMPLE_KEY,
          TELNYX_BASE_URL: repository.sandbox.url,
        },
      },
    );
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (seen += chunk));
    const ended = new Promise<number | null>((done) => child.on('close', done));
    const shows = async (text: string) => {
      while (!seen.includes(text) && child.exitCode === null) await new Promise((go) => setTimeout(go, 10));
      expect(seen).toContain(text);
    };
    await shows('Waiting for 2 of 2 reviews');
    await repository.control(`groups/approve?${GERMAN}`, {});
    await shows('Waiting for 1 of 2 reviews');
    await repository.control('approve-all', {});
    expect(await ended).toBe(0);
    const screen = screenOf(seen);
    expect(screen.filter((line) => line.startsWith('Waiting for'))).toEqual([
      'Waiting for 2 groups under review (de-local, fr-local), for 1 d at most.',
    ]);
    expect(screen.join('\n')).toMatch(/UTC {2}de-local {2}pending-approval → approved\n/);
    expect(screen.at(-1)).toBe('2 groups: 2 approved.');
    expect(screen.filter((line) => line.includes('DE local ordering'))).toHaveLength(1);
  });
});

/** What a terminal shows in the end, of the few sequences that are used: up, erase to the end, erase the line, colours. */
function screenOf(written: string): string[] {
  const lines = [''];
  let row = 0;
  const control = new RegExp(
    `${String.fromCharCode(27)}\\[(\\d*)([AJKm])|\\r|\\n|[^\\r\\n${String.fromCharCode(27)}]+`,
    'g',
  );
  for (const [text, number = '', kind] of written.matchAll(control)) {
    if (kind === 'A') row -= Number(number);
    else if (kind === 'J') lines.splice(row, lines.length, '');
    else if (kind === 'K') lines[row] = '';
    else if (text === '\n') lines[++row] ??= '';
    else if (kind === undefined && text !== '\r') lines[row] += text;
  }
  return lines.filter((line) => line !== '');
}
