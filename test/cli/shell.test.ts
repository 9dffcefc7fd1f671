import { describe, expect, it } from 'vitest';
import { type Host, openTerminal } from '../../src/cli/shell.ts';

const SECRET = 'KEY0123456789ABCDEF_sample/+';

/** The last filter, alone: what comes to it has passed no other. */
function open() {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write: (text: string, done?: () => void) => {
      written[name] += text;
      done?.();
      return true;
    },
    on() {
      return this;
    },
  });
  const host = {
    env: {},
    cwd: () => '/',
    stdin: {},
    stdout: stream('out'),
    stderr: stream('err'),
    exit: () => undefined as never,
    on: () => undefined,
  };
  return { terminal: openTerminal([], host as unknown as Host), written };
}

const bytes = Buffer.from(SECRET);

describe('the last filter before stdout and stderr', () => {
  it.each([
    ['as it is', SECRET],
    ['in small letters', SECRET.toLowerCase()],
    ['in Base64', bytes.toString('base64')],
    ['in Base64 without its end', bytes.toString('base64').replace(/=+$/, '')],
    ['in Base64 for URLs', bytes.toString('base64url')],
    ['in hex', bytes.toString('hex')],
    ['in a URL', encodeURIComponent(SECRET)],
  ])('removes a key %s', (_, form) => {
    const { terminal, written } = open();
    terminal.hide(SECRET);
    terminal.out(`a ${form} b ${form}\n`);
    terminal.err(`c${form}d\n`);
    expect(written).toEqual({ out: 'a «sensitive» b «sensitive»\n', err: 'c«sensitive»d\n' });
    expect(terminal.cover(`x${form}y`)).toBe('x«sensitive»y');
  });

  it('removes each key that it knows, and nothing before it knows one', () => {
    const { terminal, written } = open();
    terminal.out(`${SECRET}\n`);
    terminal.hide(SECRET);
    terminal.hide('another-secret-of-this-run');
    terminal.out(`${SECRET} another-secret-of-this-run\n`);
    expect(written.out).toBe(`${SECRET}\n«sensitive» «sensitive»\n`);
  });
});
