import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apply } from '../../../src/cli/apply/apply.ts';
import { plan } from '../../../src/cli/plan.ts';
import type { Terminal } from '../../../src/cli/session/terminal.ts';
import { type Host, openTerminal } from '../../../src/cli/shell.ts';
import { InvalidInputError, RefusedError } from '../../../src/model/errors.ts';
import { callApi } from '../../support/orders.ts';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Commands before a person who answers in the middle of them: a terminal whose streams are those of a test. */

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await repository.end();
});

function terminalBefore(answer: () => Promise<string>, env: Readonly<Record<string, string>> = {}) {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    isTTY: true,
    columns: 200,
    rows: 50,
    write: (text: string, done?: () => void) => {
      written[name] += text;
      done?.();
      return true;
    },
    on() {
      return this;
    },
  });
  const terminal = openTerminal(['--no-color'], {
    env: { TELNYX_API_KEY: SAMPLE_KEY, TELNYX_BASE_URL: repository.sandbox.url, ...env },
    cwd: () => repository.folder,
    stdin: Object.assign(Readable.from([]), { isTTY: true }),
    stdout: stream('out'),
    stderr: stream('err'),
    exit: () => undefined as never,
    on: () => undefined,
  } as unknown as Host);
  const asked: Terminal = Object.create(terminal, { ask: { value: answer } });
  return { terminal: asked, written };
}

const OPTIONS = { parallelism: 1, format: 'text' } as const;

describe('a person who is asked', () => {
  const change = async (text: string) => {
    const [group] = (await repository.state()).groups;
    await callApi(repository, 'PATCH', `/requirement_groups/${group?.id}`, {
      regulatory_requirements: [{ requirement_id: DE_REQUIREMENTS.contact, field_value: text }],
    });
  };
  const think = () => {
    const now = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 61_000);
  };

  beforeEach(async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Jo Example' }));
  });

  it('says yes to what was shown: what changed while they thought is refused, and shown anew', async () => {
    const { terminal, written } = terminalBefore(async () => {
      think();
      await change('Somebody else');
      await repository.forgetRequests();
      return 'yes';
    });
    const refusal = await apply(terminal, [], OPTIONS).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(RefusedError);
    expect((refusal as Error).message).toContain('"Contact Info" holds «');
    expect(written.err.split('regsync plan   scope acme')).toHaveLength(3);
    expect((await repository.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('may think for long where nothing changes', async () => {
    const { terminal, written } = terminalBefore(async () => {
      think();
      return 'yes';
    });
    expect(await apply(terminal, [], OPTIONS)).toBe(0);
    expect(written.err.split('regsync plan   scope acme')).toHaveLength(2);
    expect(JSON.stringify(await repository.state())).toContain('Jo Example');
  });
});

describe('--show-values', () => {
  it('shows them on a terminal, and to nobody where CI is set', async () => {
    const options = { format: 'text', showValues: true } as const;
    const person = terminalBefore(async () => '');
    expect(await plan(person.terminal, [], options)).toBe(0);
    expect(person.written.out).toContain('Compliance desk, Example GmbH');
    const robot = terminalBefore(async () => '', { CI: 'true' });
    await expect(plan(robot.terminal, [], options)).rejects.toThrow(InvalidInputError);
    expect(robot.written.out).toBe('');
  });
});
