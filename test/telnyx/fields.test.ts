import { describe, expect, it } from 'vitest';
import { MalformedAnswerError } from '../../src/model/errors.ts';
import { ApiRow, believe, isObject, MalformedRow } from '../../src/telnyx/fields.ts';

type Reader = (row: ApiRow) => unknown;
type Fields = Readonly<Record<string, unknown>>;

function outcomeOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof MalformedRow)) throw error;
    return error.message;
  }
}

/** `{}` stands for a field that is missing. */
function read(reader: Reader, fields: Fields): unknown {
  return outcomeOf(() => reader(new ApiRow(fields)));
}

function idOf(row: ApiRow): string {
  return row.requireId('id');
}

const isNot = (type: string, expected: string): string => `a row whose \`a\` is ${type}, not ${expected}`;

describe('a field', () => {
  it.each<[string, Reader, Fields, unknown]>([
    ['an id', (row) => row.id('a'), { a: 'x' }, 'x'],
    ['an id', (row) => row.id('a'), { a: 7 }, '7'],
    ['an id', (row) => row.id('a'), { a: 9007199254740991 }, '9007199254740991'],
    ['an id', (row) => row.id('a'), { a: 2 ** 60 }, isNot('a number too large to be read exactly', 'an id')],
    ['an id', (row) => row.id('a'), { a: 1.5 }, isNot('a number', 'an id')],
    ['an id', (row) => row.id('a'), { a: true }, isNot('true or false', 'an id')],
    ['an id', (row) => row.id('a'), { a: [] }, isNot('a list', 'an id')],
    ['an id', (row) => row.id('a'), { a: {} }, isNot('an object', 'an id')],
    ['an id', (row) => row.id('a'), {}, null],
    ['an id', (row) => row.id('a'), { a: null }, null],
    ['an id', (row) => row.id('a'), { a: '' }, null],
    ['an id that must be there', (row) => row.requireId('a'), { a: 'x' }, 'x'],
    ['an id that must be there', (row) => row.requireId('a'), {}, isNot('missing', 'an id')],
    ['an id that must be there', (row) => row.requireId('a'), { a: null }, isNot('null', 'an id')],
    ['an id that must be there', (row) => row.requireId('a'), { a: '' }, isNot('empty', 'an id')],
    ['what was entered', (row) => row.entered('a'), { a: 10117 }, '10117'],
    ['what was entered', (row) => row.entered('a'), { a: 'x' }, 'x'],
    ['what was entered', (row) => row.entered('a'), { a: '' }, null],
    ['what was entered', (row) => row.entered('a'), { a: false }, isNot('true or false', 'a text')],
    ['a text', (row) => row.text('a'), { a: 'x' }, 'x'],
    ['a text', (row) => row.text('a'), { a: '' }, null],
    ['a text', (row) => row.text('a'), {}, null],
    ['a text', (row) => row.text('a'), { a: null }, null],
    ['a text', (row) => row.text('a'), { a: 7 }, isNot('a number', 'a text')],
    ['a text that must be there', (row) => row.requireText('a'), { a: 'x' }, 'x'],
    ['a text that must be there', (row) => row.requireText('a'), { a: '' }, isNot('empty', 'a text')],
    ['a time', (row) => row.timestampMs('a'), { a: '2026-01-31T09:30:00Z' }, Date.UTC(2026, 0, 31, 9, 30)],
    ['a time', (row) => row.timestampMs('a'), { a: 'soon' }, null],
    ['a time', (row) => row.timestampMs('a'), {}, null],
    ['a time', (row) => row.timestampMs('a'), { a: 7 }, isNot('a number', 'a text')],
    ['a number', (row) => row.number('a'), { a: 7.5 }, 7.5],
    ['a number', (row) => row.number('a'), { a: '7.5' }, 7.5],
    ['a number', (row) => row.number('a'), { a: ' 0 ' }, 0],
    ['a number', (row) => row.number('a'), { a: '' }, null],
    ['a number', (row) => row.number('a'), { a: ' ' }, null],
    ['a number', (row) => row.number('a'), { a: 'Infinity' }, null],
    ['a number', (row) => row.number('a'), { a: 'five' }, null],
    ['a number', (row) => row.number('a'), {}, null],
    ['a number', (row) => row.number('a'), { a: null }, null],
    ['a number', (row) => row.number('a'), { a: true }, isNot('true or false', 'a number')],
    ['a flag', (row) => row.boolean('a'), { a: true }, true],
    ['a flag', (row) => row.boolean('a'), { a: false }, false],
    ['a flag', (row) => row.boolean('a'), { a: 'TRUE' }, true],
    ['a flag', (row) => row.boolean('a'), { a: 'yes' }, true],
    ['a flag', (row) => row.boolean('a'), { a: '1' }, true],
    ['a flag', (row) => row.boolean('a'), { a: 'False' }, false],
    ['a flag', (row) => row.boolean('a'), { a: 'no' }, false],
    ['a flag', (row) => row.boolean('a'), { a: '0' }, false],
    ['a flag', (row) => row.boolean('a'), { a: 'untrue' }, null],
    ['a flag', (row) => row.boolean('a'), { a: 'true or false' }, null],
    ['a flag', (row) => row.boolean('a'), { a: 'none' }, null],
    ['a flag', (row) => row.boolean('a'), { a: 'is no' }, null],
    ['a flag', (row) => row.boolean('a'), {}, null],
    ['a flag', (row) => row.boolean('a'), { a: 1 }, isNot('a number', 'true or false')],
    ['a list', (row) => row.requireRows('a', idOf), { a: [{ id: 'x' }] }, ['x']],
    ['a list', (row) => row.requireRows('a', idOf), {}, isNot('missing', 'a list')],
    ['a list', (row) => row.requireRows('a', idOf), { a: null }, isNot('null', 'a list')],
    ['a list', (row) => row.requireRows('a', idOf), { a: 'x' }, isNot('a text', 'a list')],
    ['texts', (row) => row.texts('a'), { a: ['x', '', null, 'y'] }, ['x', 'y']],
    ['texts', (row) => row.texts('a'), {}, []],
    ['texts', (row) => row.texts('a'), { a: null }, []],
    ['texts', (row) => row.texts('a'), { a: [7] }, 'a row whose `a[]` is a number, not a text'],
    ['texts', (row) => row.texts('a'), { a: {} }, isNot('an object', 'a list')],
    ['ids', (row) => row.ids('a'), { a: ['x', 7, ''] }, ['x', '7']],
    ['ids', (row) => row.ids('a'), { a: [true] }, 'a row whose `a[]` is true or false, not an id'],
    ['an object', (row) => row.object('a')?.id('b'), { a: { b: 1 } }, '1'],
    ['an object', (row) => row.object('a'), {}, null],
    ['an object', (row) => row.object('a'), { a: null }, null],
    ['an object', (row) => row.object('a'), { a: [] }, isNot('a list', 'an object')],
    ['an object', (row) => row.object('a'), { a: 7 }, isNot('a number', 'an object')],
  ])('that is %s is read as such, or not at all: %#', (_, reader, fields, expected) => {
    expect(read(reader, fields)).toEqual(expected);
  });
});

describe('rows within a row', () => {
  const idsIn = (fields: Fields) => outcomeOf(() => new ApiRow(fields).rows('a', idOf));

  it('are none where there is no list', () => {
    expect([{}, { a: null }, { a: [] }].map(idsIn)).toEqual([[], [], []]);
  });

  it('say where they are malformed', () => {
    expect(idsIn({ a: [{ id: 'x' }, { id: 'y' }] })).toEqual(['x', 'y']);
    expect(idsIn({ a: [{ id: 'x' }, {}] })).toBe('a row whose `a[].id` is missing, not an id');
    expect(idsIn({ a: ['x'] })).toBe('a row whose `a[]` is a text, not an object');
    const nested = new ApiRow({ outer: { a: 7, b: [true], c: ['x'], d: [{ e: {} }] } });
    expect(outcomeOf(() => nested.inner('outer').rows('a', idOf))).toBe(
      'a row whose `outer.a` is a number, not a list',
    );
    expect(outcomeOf(() => nested.inner('outer').ids('b'))).toBe(
      'a row whose `outer.b[]` is true or false, not an id',
    );
    expect(outcomeOf(() => nested.inner('outer').rows('c', idOf))).toBe(
      'a row whose `outer.c[]` is a text, not an object',
    );
    expect(outcomeOf(() => nested.inner('outer').rows('d', (row) => row.inner('e').requireText('f')))).toBe(
      'a row whose `outer.d[].e.f` is missing, not a text',
    );
    expect(outcomeOf(() => nested.inner('none').requireText('a'))).toBe(
      'a row whose `none.a` is missing, not a text',
    );
  });

  it('do not hide a fault of the program', () => {
    const failing = () => {
      throw new TypeError('a mistake');
    };
    expect(() => new ApiRow({ a: [{}] }).rows('a', failing)).toThrow(new TypeError('a mistake'));
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
    expect(isObject(value)).toBe(isOne);
  });

  it('that is none says what it is instead', () => {
    const row = ApiRow.of({ a: 1 }, 'a thing');
    expect([row.keys, row.has('a'), row.has('b'), row.raw('a')]).toEqual([['a'], true, false, 1]);
    expect(ApiRow.of(row, 'a thing')).toBe(row);
    expect(
      [undefined, null, [], 7, 2 ** 60, Infinity, 'x', '', true].map((value) =>
        outcomeOf(() => ApiRow.of(value, 'a thing')),
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
