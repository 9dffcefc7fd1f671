import { describe, expect, it } from 'vitest';
import { allNamesOf, indexNames, nameOf } from '../../src/catalogue/names.ts';

const ID = '11111111-1111-4111-8111-11111111111a';
const CONTACT = { id: ID, name: 'Contact Info', formerNames: ['Contact', 'Caller'] };
const TWIN = { id: 'b', name: 'Contact', formerNames: [] };
/** A name that looks like the id of another. */
const IMPOSTOR = { id: 'c', name: ID, formerNames: [] };
/** Names that are longer than an id, of which the letters count. */
const LONGER = { id: 'd', name: `x${ID}`, formerNames: [`${ID}x`] };

describe('an index of names', () => {
  it('knows the name of today alone, or those of before as well', () => {
    expect(nameOf(CONTACT)).toEqual(['Contact Info']);
    expect(allNamesOf(CONTACT)).toEqual(['Contact Info', 'Contact', 'Caller']);
  });

  it.each([
    ['Contact Info', [CONTACT]],
    ['  Contact Info\n', [CONTACT]],
    ['contact info', []],
    ['Contact', [CONTACT, TWIN]],
    ['b', [TWIN]],
    ['B', []],
    [ID, [CONTACT, IMPOSTOR]],
    [ID.toUpperCase(), [CONTACT, IMPOSTOR]],
    [`${ID}0`, []],
    [`X${ID.toUpperCase()}`, []],
    [`${ID.toUpperCase()}X`, []],
    ['Kontakt', []],
    ['', []],
  ])('finds by %j what may be meant', (written, found) => {
    const find = indexNames([CONTACT, TWIN, IMPOSTOR, LONGER], allNamesOf);
    expect(find(written)).toEqual(found);
    expect(find(written)).toEqual(found);
  });

  it('finds names however their letters are composed, on either side', () => {
    const composed = { id: 'd', name: 'Adresse für Prüfung'.normalize('NFD') };
    expect(indexNames([composed], nameOf)('Adresse für Prüfung')).toEqual([composed]);
    expect(indexNames([{ ...composed, name: 'für' }], nameOf)('für'.normalize('NFD'))).toHaveLength(1);
  });

  it('finds what has a name twice once', () => {
    const twice = { id: 'e', name: 'E', formerNames: ['E'] };
    expect(indexNames([twice], allNamesOf)('E')).toEqual([twice]);
  });
});
