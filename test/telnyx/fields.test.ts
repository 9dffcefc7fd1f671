import { describe, expect, it } from 'vitest';
import { MalformedAnswerError } from '../../src/model/errors.ts';
import {
  asRow,
  believe,
  isRow,
  MalformedRow,
  type Row,
  readBoolean,
  readEntered,
  readId,
  readIds,
  readNumber,
  readObject,
  readRows,
  readText,
  readTexts,
  readTimestampMs,
  requireId,
  requireList,
  requireText,
  within,
} from '../../src/telnyx/fields.ts';

type Reader = (row: Row, key: string) => unknown;

function outcomeOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof MalformedRow)) throw error;
    return error.message;
  }
}

/** `{}` stands for a field that is missing. */
function read(reader: Reader, row: Row): unknown {
  return outcomeOf(() => reader(row, 'a'));
}

const isNot = (type: string, expected: string): string => `a row whose \`a\` is ${type}, not ${expected}`;

describe('a field', () => {
  it.each<[string, Reader, Row, unknown]>([
    ['an id', readId, { a: 'x' }, 'x'],
    ['an id', readId, { a: 7 }, '7'],
    ['an id', readId, { a: 9007199254740991 }, '9007199254740991'],
    ['an id', readId, { a: 2 ** 60 }, isNot('a number too large to be read exactly', 'an id')],
    ['an id', readId, { a: 1.5 }, isNot('a number', 'an id')],
    ['an id', readId, { a: true }, isNot('true or false', 'an id')],
    ['an id', readId, { a: [] }, isNot('a list', 'an id')],
    ['an id', readId, { a: {} }, isNot('an object', 'an id')],
    ['an id', readId, {}, null],
    ['an id', readId, { a: null }, null],
    ['an id', readId, { a: '' }, null],
    ['an id that must be there', requireId, { a: 'x' }, 'x'],
    ['an id that must be there', requireId, {}, isNot('missing', 'an id')],
    ['an id that must be there', requireId, { a: null }, isNot('null', 'an id')],
    ['an id that must be there', requireId, { a: '' }, isNot('empty', 'an id')],
    ['what was entered', readEntered, { a: 10117 }, '10117'],
    ['what was entered', readEntered, { a: 'x' }, 'x'],
    ['what was entered', readEntered, { a: '' }, null],
    ['what was entered', readEntered, { a: false }, isNot('true or false', 'a text')],
    ['a text', readText, { a: 'x' }, 'x'],
    ['a text', readText, { a: '' }, null],
    ['a text', readText, {}, null],
    ['a text', readText, { a: null }, null],
    ['a text', readText, { a: 7 }, isNot('a number', 'a text')],
    ['a text that must be there', requireText, { a: 'x' }, 'x'],
    ['a text that must be there', requireText, { a: '' }, isNot('empty', 'a text')],
    ['a time', readTimestampMs, { a: '2026-01-31T09:30:00Z' }, Date.UTC(2026, 0, 31, 9, 30)],
    ['a time', readTimestampMs, { a: 'soon' }, null],
    ['a time', readTimestampMs, {}, null],
    ['a time', readTimestampMs, { a: 7 }, isNot('a number', 'a text')],
    ['a number', readNumber, { a: 7.5 }, 7.5],
    ['a number', readNumber, { a: '7.5' }, 7.5],
    ['a number', readNumber, { a: ' 0 ' }, 0],
    ['a number', readNumber, { a: '' }, null],
    ['a number', readNumber, { a: ' ' }, null],
    ['a number', readNumber, { a: 'Infinity' }, null],
    ['a number', readNumber, { a: 'five' }, null],
    ['a number', readNumber, {}, null],
    ['a number', readNumber, { a: null }, null],
    ['a number', readNumber, { a: true }, isNot('true or false', 'a number')],
    ['a flag', readBoolean, { a: true }, true],
    ['a flag', readBoolean, { a: false }, false],
    ['a flag', readBoolean, { a: 'TRUE' }, true],
    ['a flag', readBoolean, { a: 'yes' }, true],
    ['a flag', readBoolean, { a: '1' }, true],
    ['a flag', readBoolean, { a: 'False' }, false],
    ['a flag', readBoolean, { a: 'no' }, false],
    ['a flag', readBoolean, { a: '0' }, false],
    ['a flag', readBoolean, { a: 'untrue' }, null],
    ['a flag', readBoolean, { a: 'true or false' }, null],
    ['a flag', readBoolean, { a: 'none' }, null],
    ['a flag', readBoolean, { a: 'is no' }, null],
    ['a flag', readBoolean, {}, null],
    ['a flag', readBoolean, { a: 1 }, isNot('a number', 'true or false')],
    ['a list', requireList, { a: [1] }, [1]],
    ['a list', requireList, {}, isNot('missing', 'a list')],
    ['a list', requireList, { a: null }, isNot('null', 'a list')],
    ['a list', requireList, { a: 'x' }, isNot('a text', 'a list')],
    ['texts', readTexts, { a: ['x', '', null, 'y'] }, ['x', 'y']],
    ['texts', readTexts, {}, []],
    ['texts', readTexts, { a: null }, []],
    ['texts', readTexts, { a: [7] }, 'a row whose `a[]` is a number, not a text'],
    ['texts', readTexts, { a: {} }, isNot('an object', 'a list')],
    ['ids', readIds, { a: ['x', 7, ''] }, ['x', '7']],
    ['ids', readIds, { a: [true] }, 'a row whose `a[]` is true or false, not an id'],
    ['an object', readObject, { a: { b: 1 } }, { b: 1 }],
    ['an object', readObject, {}, null],
    ['an object', readObject, { a: null }, null],
    ['an object', readObject, { a: [] }, isNot('a list', 'an object')],
    ['an object', readObject, { a: 7 }, isNot('a number', 'an object')],
  ])('that is %s is read as such, or not at all: %#', (_, reader, row, expected) => {
    expect(read(reader, row)).toEqual(expected);
  });
});

describe('rows within a row', () => {
  const decode = (row: Row) => requireId(row, 'id');

  it('are none where there is no list', () => {
    expect([{}, { a: null }, { a: [] }].map((row) => readRows(row, 'a', decode))).toEqual([[], [], []]);
  });

  it('say where they are malformed', () => {
    expect(readRows({ a: [{ id: 'x' }, { id: 'y' }] }, 'a', decode)).toEqual(['x', 'y']);
    expect(outcomeOf(() => readRows({ a: [{ id: 'x' }, {}] }, 'a', decode))).toBe(
      'a row whose `a[].id` is missing, not an id',
    );
    expect(outcomeOf(() => readRows({ a: ['x'] }, 'a', decode))).toBe(
      'a row whose `a[]` is a text, not an object',
    );
    expect(outcomeOf(() => within('outer', () => readRows({ a: 7 }, 'a', decode)))).toBe(
      'a row whose `outer.a` is a number, not a list',
    );
  });

  it('do not hide a fault of the program', () => {
    const failing = () => {
      throw new TypeError('a mistake');
    };
    expect(() => within('a', failing)).toThrow(new TypeError('a mistake'));
    expect(() => believe('GET /things', failing)).toThrow(new TypeError('a mistake'));
  });
});

describe('a row', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['x', false],
  ])('is an object, and no list: %j', (value, isOne) => {
    expect(isRow(value)).toBe(isOne);
  });

  it('that is none says what it is instead', () => {
    expect(asRow({ a: 1 }, 'a thing')).toEqual({ a: 1 });
    expect(
      [undefined, null, [], 7, 2 ** 60, Infinity, 'x', '', true].map((value) =>
        outcomeOf(() => asRow(value, 'a thing')),
      ),
    ).toEqual([
      'a row that is missing, not a thing',
      'a row that is null, not a thing',
      'a row that is a list, not a thing',
      'a row that is a number, not a thing',
      'a row that is a number too large to be read exactly, not a thing',
      'a row that is a number, not a thing',
      'a row that is a text, not a thing',
      'a row that is empty, not a thing',
      'a row that is true or false, not a thing',
    ]);
  });

  it('that cannot be believed is told with its request and the next step', () => {
    const cause = new MalformedRow('id', 'missing, not an id');
    const failing = () => {
      throw cause;
    };
    let thrown: unknown;
    try {
      believe('GET /things', failing);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MalformedAnswerError);
    expect((thrown as Error).message).toBe(
      'GET /things answered a row whose `id` is missing, not an id. regsync concludes nothing from such an answer. Run it again; if this stays, check TELNYX_BASE_URL and show this line to Telnyx support.',
    );
    expect((thrown as Error).cause).toBe(cause);
    expect([cause.name, cause.path, cause.fault]).toEqual(['MalformedRow', 'id', 'missing, not an id']);
    expect(believe('GET /things', () => 7)).toBe(7);
  });
});
