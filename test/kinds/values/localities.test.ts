import { describe, expect, it } from 'vitest';
import { localityAttention, localityCaveats } from '../../../src/kinds/values/localities.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { type AddressField, asRemoteId, type BoundValue } from '../../../src/model/resource.ts';
import { addressValue, definition, desiredGroup, textValue } from '../../support/plan-inputs.ts';

const AT = { file: 'groups/a.yaml', line: 9, column: 5 };
const IDENTICAL = 'Identical locality as the numbers desired';

function seat(name: string, limit: string | null): BoundValue['requirement'] {
  const requirement = definition('55555555-5555-4555-8555-555555555555', name, 'address');
  return { ...requirement, criteria: { ...requirement.criteria, localityLimit: limit } };
}

function at(fields: Partial<Record<AddressField, string>>, limit: string | null = IDENTICAL): BoundValue {
  const given = Object.entries(fields).map(([field, text]) => [field, new Sensitive(text)] as const);
  const address = { fields: new Map(given as [AddressField, Sensitive][]) };
  return { ...addressValue('Beispielweg 1', address), requirement: seat('Seat', limit) };
}

const byId: BoundValue = {
  ...at({}),
  content: { kind: 'address_id', id: asRemoteId('900') },
};

const ABROAD = 'may not be activated at once: the address for "Seat" is not in DE';
const LOCAL =
  'is activated at once only if the address for "Seat" is where the numbers are, which regsync cannot check in advance';

describe('an order that is to be placed says of the address of its group', () => {
  it.each<[string, BoundValue, string[]]>([
    [
      'nothing where it may be anywhere in the country',
      at({ country_code: 'DE' }, 'Issued by the country'),
      [],
    ],
    ['nothing where nothing is demanded of its place', at({ country_code: 'DE' }, null), []],
    ['that it must be where the numbers are', at({ country_code: 'DE' }), [LOCAL]],
    ['the same in the other words', at({ country_code: 'DE' }, 'in the SAME LOCALITY as it'), [LOCAL]],
    ['the same of one without a country', at({}), [LOCAL]],
    ['the same of one that is known by its id alone', byId, [LOCAL]],
    ['that it is abroad, whatever is demanded', at({ country_code: 'FR' }, null), [ABROAD]],
    ['that alone, where it is to be where the numbers are', at({ country_code: 'FR' }), [ABROAD]],
    ['nothing of the letters of its country', at({ country_code: 'de' }, null), []],
    ['nothing of a text', { ...textValue('x'), requirement: seat('Seat', IDENTICAL) }, []],
  ])('%s', (_, value, caveats) => {
    expect(localityCaveats(desiredGroup({ values: [textValue('x'), value] }), 'approved')).toEqual(caveats);
  });

  it('what is abroad first', () => {
    const values = [at({ country_code: 'DE' }), at({ country_code: 'FR' })];
    expect(localityCaveats(desiredGroup({ values }), 'approved')).toEqual([ABROAD, LOCAL]);
  });
});

describe('an order of a country without pre-approval', () => {
  const combination = { countryCode: 'IT', phoneNumberType: 'local', action: 'ordering' };
  const italian = (value: BoundValue) => desiredGroup({ combination, values: [value] });

  it.each<[string, BoundValue, string[]]>([
    ['whatever is stated', textValue('x'), []],
    ['with an address that must be where the numbers are', at({ country_code: 'IT' }), []],
    [
      'with an address abroad',
      at({ country_code: 'FR' }),
      ['may be declined: the address for "Seat" is not in IT'],
    ],
  ])('is never said to be activated at once: %s', (_, value, caveats) => {
    expect(localityCaveats(italian(value), 'reviewed')).toEqual(caveats);
  });

  it('may be declined where its address is elsewhere', () => {
    const order = { kind: 'sub_number_order', id: asRemoteId('s'), isOpen: true, source: AT };
    const sample = { id: asRemoteId('n'), deadlineMs: null, locality: 'MILANO' };
    const open = { ...order, sample } as NamedOrder;
    const messages = localityAttention(italian(at({ country_code: 'IT', locality: 'Roma' })), open);
    expect(messages.map(({ message }) => message)).toEqual([
      'sub number order s: Telnyx has its numbers in "MILANO", and the address for "Seat" is not there by its locality; a reviewer may decline the order',
    ]);
  });
});

describe('an open order says of the address of its group', () => {
  const order = (locality: string | null, given: Partial<NamedOrder> = {}): NamedOrder => {
    const id = asRemoteId('order-1');
    return {
      kind: 'sub_number_order',
      id,
      status: 'pending',
      isOpen: true,
      countryCode: 'DE',
      phoneNumberType: 'local',
      subNumberOrderId: id,
      sample: { id, deadlineMs: null, locality },
      holdings: [],
      source: { file: 'groups/a.yaml', line: 9, column: 5 },
      ...given,
    };
  };
  const said = (value: BoundValue, one: NamedOrder) =>
    localityAttention(desiredGroup({ values: [textValue('x'), value] }), one);
  const elsewhere = (locality: string) =>
    `sub number order order-1: Telnyx has its numbers in ${locality}, and the address for "Seat" is not there by its locality; the order may not be activated at once`;
  const berlin = at({ locality: 'Berlin', country_code: 'DE' });

  it.each<[string, BoundValue, NamedOrder, string | null]>([
    ['nothing where it is there', berlin, order('BERLIN'), null],
    ['that it is elsewhere', berlin, order('MÜNCHEN'), elsewhere('"MÜNCHEN"')],
    ['nothing of blanks and accents', at({ locality: ' Sankt  Pölten ' }), order('SANKT POLTEN'), null],
    ['nothing of the letters of Telnyx', berlin, order(' berlin '), null],
    ['nothing of several accents', at({ locality: 'Příbram Štěpánov' }), order('PRIBRAM STEPANOV'), null],
    ['nothing where it need not be there', at({ locality: 'Berlin' }, null), order('MÜNCHEN'), null],
    ['nothing where it has no locality', at({ country_code: 'DE' }), order('MÜNCHEN'), null],
    ['nothing where Telnyx names no place', berlin, order(null), null],
    ['nothing where no number is known', berlin, order(null, { sample: undefined } as never), null],
    ['nothing where it is known by its id alone', byId, order('MÜNCHEN'), null],
    ['nothing where it is closed', berlin, order('MÜNCHEN', { isOpen: false }), null],
    ['nothing where it is one of porting', berlin, order('MÜNCHEN', { kind: 'porting_order' }), null],
    [
      'that it is abroad',
      at({ country_code: 'FR', locality: 'Paris' }, null),
      order(null),
      `sub number order order-1 ${ABROAD}`,
    ],
  ])('%s', (_, value, one, message) => {
    expect(said(value, one)).toEqual(
      message === null
        ? []
        : [
            {
              code: 'order-address-mismatch',
              name: 'de-local',
              message,
              source: { file: 'groups/a.yaml', line: 9 },
            },
          ],
    );
  });
});
