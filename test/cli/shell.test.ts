import { describe, expect, it } from 'vitest';
import { type Host, openTerminal } from '../../src/cli/shell.ts';

const SECRET = 'KEY0123456789ABCDEF_sample/+';

/** The last filter, alone: what comes to it has passed no other. */
function open(args: readonly string[] = [], env: Host['env'] = {}, isTTY = false) {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    isTTY,
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
    env,
    cwd: () => '/',
    stdin: {},
    stdout: stream('out'),
    stderr: stream('err'),
    exit: () => undefined as never,
    on: () => undefined,
  };
  return { terminal: openTerminal(args, host as unknown as Host), written };
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

describe('Colours', () => {
  it.each<[string, string[], Host['env'], boolean, boolean]>([
    ['nothing, on a terminal', [], {}, true, true],
    ['nothing, in a pipe', [], {}, false, false],
    ['--color, in a pipe', ['--color'], {}, false, true],
    ['--no-color, on a terminal', ['--no-color'], {}, true, false],
    ['NO_COLOR, on a terminal', [], { NO_COLOR: '1' }, true, false],
    ['NO_COLOR without a value, on a terminal', [], { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR, in a pipe', [], { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0, on a terminal', [], { FORCE_COLOR: '0' }, true, false],
    ['FORCE_COLOR=false, on a terminal', [], { FORCE_COLOR: 'false' }, true, false],
    ['FORCE_COLOR and NO_COLOR', [], { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ['FORCE_COLOR and --no-color', ['--no-color'], { FORCE_COLOR: '1' }, true, false],
    ['NO_COLOR and --color', ['--color'], { NO_COLOR: '1' }, true, true],
    ['TERM=dumb', [], { TERM: 'dumb' }, true, false],
    ['TERM=dumb and FORCE_COLOR', [], { TERM: 'dumb', FORCE_COLOR: '1' }, true, true],
  ])('for %s', (_, args, env, isTTY, expected) => {
    const { terminal } = open(args, env, isTTY);
    expect(terminal.outPaint('red', 'x') !== 'x').toBe(expected);
    expect(terminal.errPaint('red', 'x') !== 'x').toBe(expected);
  });

  it('are one thing, and lines that are rewritten another: a dumb terminal has neither', () => {
    expect(open(['--no-color'], {}, true).terminal.isLive).toBe(true);
    expect(open([], { TERM: 'dumb', FORCE_COLOR: '1' }, true).terminal.isLive).toBe(false);
    expect(open(['--color'], {}, false).terminal.isLive).toBe(false);
  });
});
