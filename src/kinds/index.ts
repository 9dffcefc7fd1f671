import type { KindName, ManagedKind } from '../model/kinds.ts';
import type { Change, WritingChange } from '../model/plan/change.ts';
import { address } from './address/address.ts';
import { document } from './document/document.ts';
import type { Content, Kind, Managed, Observable } from './kind.ts';
import { numberOrder } from './number-order/number-order.ts';
import { portingOrder } from './porting-order/porting-order.ts';
import { requirementGroup } from './requirement-group/requirement-group.ts';

/** The table of kinds, which is all that the engines know of them. */

export const CONTENTS: { readonly [Name in 'Document' | 'Address']: Content<Name> } = {
  Document: document,
  Address: address,
};

/** The kinds whose objects are read one by one, and not with the account's groups. */
export const OBSERVABLE: {
  readonly [Name in Exclude<ManagedKind, 'RequirementGroup'>]: Observable<Name>;
} = {
  NumberOrder: numberOrder,
  PortingOrder: portingOrder,
};

export const MANAGED: { readonly [Name in ManagedKind]: Managed<Name> } = {
  RequirementGroup: requirementGroup,
  ...OBSERVABLE,
};

const ROOMS: { readonly [Name in KindName]: Kind<Name> } = { ...CONTENTS, ...MANAGED };

export function roomOf({ kind }: { readonly kind: Change['kind'] }): Kind {
  return ROOMS[kind];
}

export function managedRoomOf({ kind }: { readonly kind: WritingChange['kind'] }): Managed {
  return MANAGED[kind];
}
