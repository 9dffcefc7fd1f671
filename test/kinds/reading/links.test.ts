import { describe, expect, it } from 'vitest';
import { linkOrders, withLinks } from '../../../src/kinds/reading/links.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { groupManifest, link, numberManifest, portingManifest } from '../../support/manifests.ts';

describe('The orders of a group', () => {
  it('are its own entries first, then number orders that exist, then porting orders', () => {
    const own = { kind: 'phone_number' as const, id: asRemoteId('n1'), source: link('x').source };
    const groups = [groupManifest('a', { attach: [own] }), groupManifest('b')];
    const orders = {
      NumberOrder: [
        numberManifest('one', { group: link('a') }),
        numberManifest('two', { group: link('a') }),
        numberManifest('three'),
      ],
      PortingOrder: [portingManifest('port', { group: link('a') }), portingManifest('other')],
    };
    const idOf = ({ name }: { readonly name: string }) => (name === 'two' ? null : asRemoteId(`o-${name}`));
    const links = [
      linkOrders(orders.NumberOrder, 'number_order', idOf),
      linkOrders(orders.PortingOrder, 'porting_order', ({ id }) => id.id),
    ];
    expect(withLinks(groups, links)).toEqual([
      {
        group: groups[0],
        entries: [
          own,
          { kind: 'number_order', id: 'o-one', source: link('a').source, isLink: true },
          { kind: 'porting_order', id: 'id-port', source: link('a').source, isLink: true },
        ],
      },
      { group: groups[1], entries: [] },
    ]);
  });
});
