import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/model/text/visible.ts';
import { code, fence, link, table, tableRow, word } from '../../../src/render/markdown/markdown.ts';
import { runs } from '../../properties/runs.ts';
import { fc } from '../../support/fast-check.ts';
import { toHtml, tokensOf } from '../../support/markdown.ts';

/** Text made of what Markdown, HTML and GitHub look for, between letters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        ...[
          '`',
          '``',
          '```',
          '~~~',
          '|',
          '\\',
          '\\|',
          '\\`',
          '<',
          '>',
          '&',
          '"',
          "'",
          '[',
          '](',
          ')',
          '![',
          '*',
          '_',
        ],
        ...[
          '@',
          '#1',
          '#',
          ':',
          '\n',
          '\r\n',
          '\n\n',
          '    ',
          ' ',
          '\t',
          '- ',
          '> ',
          '---',
          '<!--',
          '-->',
          ']]>',
          '$',
        ],
        ...[
          '</code>',
          '</details>',
          '<script>',
          'www.example.com',
          'https://',
          '\u202e',
          '\u200b',
          '\u0000',
          '\ud800',
        ],
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('code in Markdown', () => {
  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['``a', '``` ``a ```'],
    [' a', '`  a `'],
    ['  ', '`  `'],
    ['', '`(empty)`'],
    ['a|b', '`a\\u007cb`'],
    ['a\\|b', '`a\\\\u007cb`'],
    ['a\nb', '`a\\u000ab`'],
    ['<b>', '`<b>`'],
    ['\u202egnp', '`\\u202egnp`'],
  ])('%j is %s', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('is one piece of code that shows the text, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tokens = tokensOf(`a ${code(text)} b`).filter(({ type }) => type !== 'inline');
        expect(tokens.map(({ type }) => type)).toEqual([
          'paragraph_open',
          'text',
          'code_inline',
          'text',
          'paragraph_close',
        ]);
        expect(tokens[2]?.content).toBe(visible(text).replaceAll('|', '\\u007c') || '(empty)');
      }),
      runs(2_000),
    );
  });

  it('stays in its cell of a table', () => {
    fc.assert(
      fc.property(hostile, hostile, (left, right) => {
        const text = table(['Sign', 'A', 'B'], [tableRow(['x', code(left), code(right)])]);
        const tokens = tokensOf(`${text}\n\nafter`);
        expect(tokens.filter(({ type }) => type === 'td_open')).toHaveLength(3);
        expect(tokens.filter(({ type }) => type === 'code_inline')).toHaveLength(2);
        expect(tokens.filter(({ type }) => type === 'table_close')).toHaveLength(1);
        expect(tokens.some(({ type }) => /link|image|html|strong|em_/.test(type))).toBe(false);
      }),
      runs(1_000),
    );
  });

  it('stays in its tag where no Markdown is read', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const html = toHtml(`<details><summary>${code(text, 'html')}</summary>\n\nbody\n</details>`);
        const [, inner = ''] = html.match(/<summary><code>([^<>"]*)<\/code><\/summary>/) ?? [];
        expect(unescapeHtml(inner)).toBe(visible(text));
      }),
      runs(1_000),
    );
  });
});

describe('a fence', () => {
  it('is one block of code with a line for each line, whatever these are', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 5 }), (lines) => {
        const [block, ...rest] = tokensOf(fence(lines, 'text'));
        expect(rest).toEqual([]);
        expect(block?.type).toBe('fence');
        expect(block?.content).toBe(`${lines.map(visible).join('\n')}\n`);
      }),
      runs(2_000),
    );
  });

  it('is longer than any run of backticks in it', () => {
    expect(fence(['a', '`````', 'b'], 'diff').split('\n')[0]).toBe('``````diff');
  });
});

describe('a word', () => {
  it.each(['DE', 'local', 'toll_free', 'ordering'])('%s stands as it is', (text) => {
    expect(word(text)).toBe(text);
  });

  it.each(['', '@octocat', 'GH-1', 'a b', '_a_', 'a__b', '*a*', 'www.example.com', 'ä'])(
    '%j is code',
    (text) => {
      expect(word(text)).toBe(code(text));
    },
  );
});

describe('a link', () => {
  it('goes nowhere but to http and https', () => {
    expect(link('x', 'https://example.com/a?b=c&d=e#L1')).toBe(
      '<a href="https://example.com/a?b=c&amp;d=e#L1">x</a>',
    );
    for (const url of ['javascript:x', 'JAVASCRIPT:x', 'data:,x', 'file:///x', '/x', '', undefined]) {
      expect(link('x', url)).toBe('x');
    }
  });
});

function unescapeHtml(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
