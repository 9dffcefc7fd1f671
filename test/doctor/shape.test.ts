import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../src/doctor/shape.ts';
import { fc } from '../support/fast-check.ts';

describe('the shape of an answer', () => {
  it('has the keys and types of all rows, and how many there are', () => {
    const rows = [
      { id: '963416f6-4532-4800-b461-a1e09a325027', amount: 3, numbers: [{ active: true }], note: null },
      { id: '2473491569332717266', amount: 2 ** 60, numbers: [], comment: 'Jane Example' },
    ];
    expect(shapeOf({ data: rows, meta: { total_pages: 1 } })).toEqual({
      object: {
        data: {
          list: '2',
          items: {
            object: {
              id: 'text(digits) | text(uuid)',
              amount: 'integer | integer(unsafe)',
              numbers: { list: '0..1', items: { object: { active: 'boolean' } } },
              'note?': 'null',
              'comment?': 'text(other)',
            },
          },
        },
        meta: { object: { total_pages: 'integer' } },
      },
    });
  });

  it.each([
    ['', 'empty'],
    ['2027-01-31', 'date'],
    ['2026-01-02T03:04:05.000000Z', 'time, microseconds, Z'],
    ['2026-01-02T03:04:05+00:00', 'time, offset'],
    ['+49300000001', 'phone number'],
    ['pending-approval', 'word'],
    ['https://example.com/?key=1', 'link'],
    ['9f2c'.repeat(16), 'sha256'],
    ['Example GmbH', 'other'],
  ])('names the form of a text and not the text: %s', (text, form) => {
    expect(shapeOf(text)).toBe(`text(${form})`);
  });

  it('keeps no key that does not look like the name of a field', () => {
    const shape = shapeOf(
      JSON.parse('{"Jane Example": 1, "+4930": 2, "__proto__": 3, "jane_example": 4, "field_1": 5}'),
    );
    expect(shape).toEqual({ object: { '<key>': 'integer', field_1: 'integer' } });
  });

  it('is different in kind, and says so', () => {
    expect(shapeOf([[1], 'a', { id: null }, []])).toEqual({
      list: '4',
      items: { any: ['text(word)', { list: '0..1', items: 'integer' }, { object: { id: 'null' } }] },
    });
  });

  it('is made of whatever comes, however deep and long', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(JSON.stringify(shapeOf(deep))).toContain('"deeper"');
    expect(shapeOf(Array.from({ length: 300_000 }, () => []))).toEqual({
      list: '300000',
      items: { list: '0', items: null },
    });
  });

  it('never has a value in it, whatever the answer holds', () => {
    const canary = fc.stringMatching(/^(?:Canary [A-Z0-9]{6,20}|(?:[a-z]{1,5}_)?canary(?:_[a-z0-9]{1,5})?)$/);
    const answers = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        canary,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(canary, fc.stringMatching(/^[a-z_]{1,8}$/)), tie('node'), { maxKeys: 4 }),
      ),
    })).node;
    fc.assert(fc.property(answers, (answer) => !/canary/i.test(JSON.stringify(shapeOf(answer)))));
  });
});
