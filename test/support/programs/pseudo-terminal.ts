import { spawn } from 'node:child_process';
import { ROOT } from '../test-repository.ts';
import { findProgram } from './programs.ts';

export interface Conversation {
  readonly code: number | null;
  /** All that stood on the terminal, what was typed included. */
  readonly screen: string;
}

/**
 * regsync before a person: on a pseudo-terminal, which `script` opens. Each answer is typed when its question has appeared;
 * null ends the input.
 *
 * @param options `think` is waited for before each answer; `program` is another build.
 */
export function converse(
  args: readonly string[],
  dialogue: readonly (readonly [question: string, answer: string | null])[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly think?: () => Promise<void>;
    readonly program?: string;
  },
): Promise<Conversation> {
  const { think = async () => {}, program = `${ROOT}/dist/regsync.js` } = options;
  const words = [process.execPath, program, ...args];
  const command = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn(
    findProgram('script') ?? '',
    ['--quiet', '--return', '--echo', 'never', '--command', command, '/dev/null'],
    {
      cwd: options.cwd,
      env: { PATH: process.env.PATH ?? '', TERM: 'dumb', ...options.env },
    },
  );
  let screen = '';
  let answered = 0;
  let from = 0;
  const take = (chunk: string): void => {
    screen += chunk;
    const [question = '', answer = null] = dialogue[answered] ?? [];
    const at = question === '' ? -1 : screen.indexOf(question, from);
    if (at === -1) return;
    answered++;
    from = at + question.length;
    void think().then(() => {
      child.stdin.write(answer === null ? '\u0004' : `${answer}\r`);
      take('');
    });
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stdin.on('error', () => {});
  return new Promise((done) =>
    child.on('close', (code) => done({ code, screen: screen.replaceAll('\r', '') })),
  );
}
