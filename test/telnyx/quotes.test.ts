import { describe, expect, it } from 'vitest';
import { findQuoting } from '../../src/telnyx/quotes.ts';
import { runs, Tally } from '../properties/runs.ts';
import { fc } from '../support/fast-check.ts';

/** Of one byte to four. */
const words = fc
  .array(fc.constantFrom('a', 'b', 'ü', '€', '😀'), { maxLength: 30 })
  .map((all) => all.join(''));

function quotes(text: string, document: Buffer): boolean {
  const starts = Array.from({ length: Math.max(0, text.length - 9) }, (_, start) => start);
  return starts.some((start) => document.includes(Buffer.from(text.slice(start, start + 10))));
}

describe('texts that quote a document', () => {
  it('are those that have ten characters in a row in common with it', () => {
    const tally = new Tally();
    const worlds = fc.tuple(fc.array(words, { maxLength: 4 }), words, words, fc.nat(12));
    fc.assert(
      fc.property(worlds, ([texts, before, after, start]) => {
        const document = Buffer.from(`${before}${texts[0]?.slice(start, start + 12) ?? ''}${after}`);
        const quoting = texts.filter((text) => quotes(text, document));
        expect(findQuoting(texts, document)).toEqual(new Set(quoting));
        tally.count(`quoting ${quoting.length}`);
      }),
      runs(1_000),
    );
    tally.expectAll('quoting 0', 'quoting 1');
  });

  it.each([
    ['at its end', Buffer.concat([Buffer.alloc(1_000_000, 7), Buffer.from('Jo Example')])],
    ['at its beginning', Buffer.from('Jo Example, born 1970')],
    ['at all of it', Buffer.from('Jo Example')],
  ])('are found %s', (_, document) => {
    const quoting = 'unexpected “Jo Example”';
    expect(findQuoting(['of Jo Exampl', quoting], document)).toEqual(new Set([quoting]));
  });

  it('are found one by one, though several have a piece in common and others a piece of the same length', () => {
    const texts = ['xx 0123456789', 'yy 0123456789', 'zz 9876543210', 'ten chars!', 'nine char', ''];
    const found = (text: string) => [...findQuoting(texts, Buffer.from(text))].sort();
    expect(found('… 0123456789 …')).toEqual(['xx 0123456789', 'yy 0123456789']);
    expect(found('9876543210 0123456789')).toEqual(['xx 0123456789', 'yy 0123456789', 'zz 9876543210']);
    expect(found('ten chars!')).toEqual(['ten chars!']);
    expect(found('ten chars')).toEqual([]);
    expect(found('nine char nine char')).toEqual([]);
    expect(found('')).toEqual([]);
  });

  it('are found in no long time, however much of it they nearly are', () => {
    const document = Buffer.from('ü'.repeat(300_000));
    const texts = Array.from({ length: 40 }, (_, index) => `${'ü'.repeat(9)}x${'yü'.repeat(200)}${index}`);
    // Gone through once for each text or piece, it would take longer than a test may.
    expect(findQuoting(texts, document).size).toBe(0);
  });
});
