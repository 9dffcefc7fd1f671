import type { ObservedPortingOrder } from '../../src/model/orders/observed-order.ts';
import type { ObservedSettings, SettingPath, SettingValue } from '../../src/model/orders/porting.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asRemoteId, type BoundPortingOrder } from '../../src/model/resource.ts';
import { observedWorld, planInput, TEXT_ID, textValue } from './plan-inputs.ts';

const SOURCE = { file: 'groups/port.yaml', line: 1, column: 1 };

type Settings = Readonly<Partial<Record<SettingPath, SettingValue>>>;

export function desiredPort(settings: Settings, given: Partial<BoundPortingOrder> = {}): BoundPortingOrder {
  const stated = entriesOf(settings).map(([path, value]) => ({ path, value, source: SOURCE }));
  const id = { id: asRemoteId('id-port'), source: SOURCE };
  return { name: 'port', id, group: null, settings: stated, values: [], source: SOURCE, ...given };
}

export function observedPort(
  settings: Settings,
  given: Partial<ObservedPortingOrder> = {},
): ObservedPortingOrder {
  return {
    id: asRemoteId('id-port'),
    reference: null,
    status: 'exception',
    isOpen: true,
    phoneNumbersCount: 2,
    settings: new Map(entriesOf(settings)) satisfies ObservedSettings,
    requirements: [],
    ...given,
  };
}

function entriesOf(settings: Settings): [SettingPath, SettingValue][] {
  return Object.entries(settings) as [SettingPath, SettingValue][];
}

export function portingInput(desired: BoundPortingOrder, held: ObservedPortingOrder): PlanInput {
  return planInput({
    RequirementGroup: [],
    PortingOrder: [desired],
    observed: observedWorld({ portingOrders: { port: held } }),
  });
}

/** One that gets, changes and loses a setting, and whose approved value is overwritten. */
export function everyPort(): PlanInput {
  const text = (written: string) => new Sensitive(written);
  const value = {
    requirementId: TEXT_ID,
    fieldType: 'textual',
    value: text('Jo'),
    status: 'approved',
  } as const;
  return portingInput(
    desiredPort(
      {
        customer_reference: text('new'),
        webhook_url: null,
        'end_user.admin.entity_name': text('Example GmbH'),
        'end_user.admin.pin_passcode': text('8091'),
      },
      { values: [textValue('Jo Example')] },
    ),
    observedPort(
      {
        customer_reference: text('old'),
        webhook_url: text('https://example.com/porting'),
        'end_user.admin.pin_passcode': text('0000'),
      },
      { requirements: [{ ...value, name: 'Contact Info' }] },
    ),
  );
}
