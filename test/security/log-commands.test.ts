import { describe, expect, it } from 'vitest';
import { escapeCommands, renderAnnotations } from '../../src/render/annotations.ts';
import { frenchGroup } from '../support/test-repository.ts';
import { everythingFrom, repositoryWith } from './hostile.ts';

/** As the runner reads a line: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs */
function commandsIn(log: string): string[] {
  return log
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/)
    .filter(
      (line) => /^[\s\p{Cc}\p{Cf}]*:[\p{Cf}\0]*:\S/u.test(line) || /#[\p{Cf}\0]*#[\p{Cf}\0]*\[/u.test(line),
    );
}

const HOSTILE = [
  '::set-output name=fingerprint::0000',
  '::add-mask::e',
  'x\n::stop-commands::token',
  'x\r\n  ::error::x',
  'x\r::save-state name=a::b',
  'x\u2028::warning::x',
  '\u00a0\ufeff::debug::x',
  ':\u200b:error::x',
  'text ##[error]x',
  '##[add-path]/tmp',
  '%0A::error::x',
  'a::error::b,file=x',
];

describe('Log commands', () => {
  it.each(HOSTILE)('%j in any part of an annotation stays in it', (text) => {
    const source = { file: text, line: 1, column: 1 };
    const lines = renderAnnotations(
      [{ severity: 'error', code: text, message: text, hint: text, source }],
      text,
    );
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    expect(commandsIn(line)).toEqual([line]);
    const [, properties = '', message = ''] = line.match(/^::error ([^:]*)::(.*)$/s) ?? [];
    expect(properties.split(',').map((property) => property.split('=')[0])).toEqual([
      'file',
      'line',
      'col',
      'title',
    ]);
    expect(message).not.toMatch(/[\r\n]/);
  });

  it.each(HOSTILE)('%j in a log is no command any more', (text) => {
    const log = escapeCommands(`before\n${text}\nafter\n${text}`);
    expect(commandsIn(log)).toEqual([]);
    expect(log.replaceAll(' ', '')).toBe(`before\n${text}\nafter\n${text}`.replaceAll(' ', ''));
  });

  it('a reviewer cannot start a line of what regsync prints', async () => {
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const comment = 'no\n::set-output name=x::y\r::add-mask::e\u2028::stop-commands::x';
    await repository.control('groups/decline?reference=regsync/acme/fr-local', { comment });
    for (const args of [
      ['plan'],
      ['status'],
      ['plan', '--format', 'json'],
      ['plan', '--format', 'markdown'],
    ]) {
      const result = await repository.run(args);
      expect(everythingFrom(result)).toContain('set-output');
      expect(commandsIn(everythingFrom(result)), args.join(' ')).toEqual([]);
    }
  });

  it.each([
    '#'.repeat(200_000),
    ' '.repeat(200_000),
    '\n'.repeat(200_000),
    ':\u200b'.repeat(100_000),
    '# \u200b'.repeat(70_000),
  ])('a log of one character a hundred thousand times is read once (case %#)', (text) => {
    expect(commandsIn(escapeCommands(text)).length).toBe(0);
  });
});
