import { describe, expect, it } from 'vitest';
import { escapeCommands, type Note, planNotes, renderAnnotations } from '../../src/render/annotations.ts';
import { everything } from '../support/everything.ts';
import { declined, gated } from '../support/markdown-plans.ts';
import { describedPlan } from '../support/plans.ts';

function notes(severity: Note['severity'], count: number): Note[] {
  return Array.from({ length: count }, (_, index) => ({
    severity,
    code: 'c',
    message: `${severity} ${index}`,
  }));
}

describe('annotations', () => {
  it('stand at the file, the line and the column, with what to do on a line of its own', () => {
    const problem: Note = {
      severity: 'error',
      code: 'unknown-address',
      message: '100% unknown: "x", "y"',
      hint: 'Did you mean\n"z"?',
      source: { file: 'groups/a,b:c%.yaml', line: 14, column: 7 },
    };
    expect(renderAnnotations([problem])).toEqual([
      '::error file=groups/a%2Cb%3Ac%25.yaml,line=14,col=7,title=regsync%3A unknown-address::' +
        '100%25 unknown: "x", "y"%0ADid you mean\\u000a"z"?',
    ]);
  });

  it.each([
    ['', 'groups/de.yaml'],
    ['.', 'groups/de.yaml'],
    ['./', 'groups/de.yaml'],
    ['telnyx', 'telnyx/groups/de.yaml'],
    ['./infra/telnyx/', 'infra/telnyx/groups/de.yaml'],
  ])('with the root in %j name %s', (folder, file) => {
    const source = { file: 'groups/de.yaml', line: 1 };
    const [line] = renderAnnotations([{ severity: 'notice', code: 'c', message: 'm', source }], folder);
    expect(line).toBe(`::notice file=${file},line=1,title=regsync%3A c::m`);
  });

  it('are at most ten of each severity, the worst first, and the last says how many more', () => {
    const lines = renderAnnotations([...notes('notice', 1), ...notes('warning', 11), ...notes('error', 25)]);
    expect(lines.map((line) => line.match(/^::(\w+)/)?.[1])).toEqual([
      ...new Array(10).fill('error'),
      ...new Array(10).fill('warning'),
      'notice',
    ]);
    expect(lines.filter((line) => line.includes('more'))).toEqual([
      '::error title=regsync%3A c::error 9%0A+15 more errors: see the log',
      '::warning title=regsync%3A c::warning 9%0A+1 more warning: see the log',
    ]);
    expect(renderAnnotations(notes('error', 10)).join('\n')).not.toContain('more');
  });

  it('of a plan are its closed gates and what needs attention', () => {
    expect(planNotes(gated()).map(({ severity, code, source }) => [severity, code, source?.file])).toEqual([
      ['error', 'replace-not-allowed', 'groups/a.yaml'],
    ]);
    expect(renderAnnotations(planNotes(declined()))).toEqual([
      '::warning file=groups/de.yaml,line=23,title=regsync%3A declined::de-jena: declined: Contact Info',
      '::warning file=groups/de.yaml,line=25,title=regsync%3A declined::de-jena: declined: Registration',
      '::warning file=groups/de.yaml,line=23,title=regsync%3A reviewer-comment::de-jena: Reviewer on 2026-05-01: ' +
        '"The scan of the registration is illegible. Please send it in colour."',
    ]);
    expect(planNotes(describedPlan(everything())).map(({ message }) => message.split(':')[0])).toEqual([
      'declined',
      'declined',
      'kept',
    ]);
  });
});

describe('lines for a log', () => {
  it.each([
    ['::set-output name=x::y', ': :set-output name=x::y'],
    ['  ::error::x', '  : :error::x'],
    ['a\n::add-mask::x\nb', 'a\n: :add-mask::x\nb'],
    ['a\r::stop-commands::x', 'a\r: :stop-commands::x'],
    ['a\u2028\u00a0::error::x', 'a\u2028\u00a0: :error::x'],
    ['\u200b:\u200b:error::x', '\u200b: \u200b:error::x'],
    ['##[error]x', '# #[error]x'],
    ['text ##[group]x ##[endgroup]', 'text # #[group]x # #[endgroup]'],
    ['#\u200b#[error]x', '# \u200b#[error]x'],
    ['###[error]', '## #[error]'],
  ])('%j becomes %j', (text, expected) => {
    expect(escapeCommands(text)).toBe(expected);
    expect(escapeCommands(expected)).toBe(expected);
  });

  it.each([
    '',
    'groups/de.yaml:3:1  std::vector',
    'a: b',
    ':one',
    '## heading',
    '#[x]',
    '\u001b[31m✗\u001b[39m',
  ])('%j stays as it is', (text) => {
    expect(escapeCommands(text)).toBe(text);
  });
});
