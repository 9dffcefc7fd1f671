import { describe, expect, it } from 'vitest';
import { differingSettings, maskedSettings } from '../../../src/kinds/porting-order/differing-settings.ts';
import type { SettingPath, SettingValue } from '../../../src/model/orders/porting.ts';
import { reveal, Sensitive } from '../../../src/model/privacy/sensitive.ts';

const SOURCE = { file: 'groups/port.yaml', line: 1, column: 1 };

type Values = Readonly<Partial<Record<SettingPath, SettingValue>>>;

/** The paths of those that differ. */
function differing(stated: Values, held: Values): string[] {
  const settings = entriesOf(stated).map(([path, value]) => ({ path, value, source: SOURCE }));
  return differingSettings(settings, new Map(entriesOf(held))).map(({ path }) => path);
}

function entriesOf(values: Values): [SettingPath, SettingValue][] {
  return Object.entries(values) as [SettingPath, SettingValue][];
}

const text = (written: string) => new Sensitive(written);
const tags = (...written: string[]) => written.map(text);

describe('the settings of a porting order', () => {
  it('differ where the manifest states another value, and nowhere else', () => {
    const held = {
      webhook_url: text('https://example.com/a'),
      'end_user.admin.entity_name': text('Example GmbH'),
      'messaging.enable_messaging': true,
      'user_feedback.user_rating': 3,
    };
    expect(differing({}, held)).toEqual([]);
    expect(differing(held, held)).toEqual([]);
    const stated = {
      webhook_url: text('https://example.com/b'),
      'end_user.admin.entity_name': text('Example GmbH'),
      'messaging.enable_messaging': false,
      'user_feedback.user_rating': 4,
    };
    expect(differing(stated, held)).toEqual([
      'webhook_url',
      'messaging.enable_messaging',
      'user_feedback.user_rating',
    ]);
  });

  it.each<[string, SettingPath, SettingValue, SettingValue]>([
    ['a text in another composition', 'end_user.admin.entity_name', text('Cafe\u0301 '), text('Caf\u00e9')],
    ['null and an empty text', 'end_user.admin.pin_passcode', null, text('')],
    ['null and an empty list', 'phone_number_configuration.tags', [], null],
    [
      'tags in another order',
      'phone_number_configuration.tags',
      tags('one', 'two', 'one'),
      tags('two', 'one'),
    ],
    [
      'one instant in two zones',
      'activation_settings.foc_datetime_requested',
      text('2027-01-31T12:00:00+02:00'),
      text('2027-01-31T10:00:00.000000Z'),
    ],
    [
      'a phone number with blanks',
      'end_user.admin.billing_phone_number',
      text('+49 30 0000001'),
      text('49300000001'),
    ],
    ['a country in small letters', 'end_user.location.country_code', text('de'), text('DE')],
    ['a URL with its final slash', 'webhook_url', text('https://Example.com'), text('https://example.com/')],
    [
      'an id in capitals',
      'phone_number_configuration.billing_group_id',
      text('00000000-0000-4000-8000-00000000000A'),
      text('00000000-0000-4000-8000-00000000000a'),
    ],
  ])('are equal as %s', (_, path, stated, held) => {
    expect(differing({ [path]: stated }, { [path]: held })).toEqual([]);
  });

  it.each<[string, SettingPath, SettingValue, SettingValue]>([
    ['null, where something is held', 'end_user.admin.pin_passcode', null, text('0000')],
    ['false, where nothing is held', 'messaging.enable_messaging', false, null],
    ['fewer tags', 'phone_number_configuration.tags', tags('one'), tags('one', 'two')],
    ['another case of a name', 'end_user.admin.entity_name', text('EXAMPLE'), text('Example')],
    ['a PIN with another zero', 'end_user.admin.pin_passcode', text('0123'), text('123')],
    ['a short phone number', 'end_user.admin.billing_phone_number', text('+110'), text('110')],
  ])('differ as %s', (_, path, stated, held) => {
    expect(differing({ [path]: stated }, { [path]: held })).toEqual([path]);
  });

  it.each<[string, SettingPath, string, string]>([
    ['stars', 'end_user.admin.pin_passcode', '8091', '****'],
    ['stars of another number', 'end_user.admin.pin_passcode', '8091', '********'],
    ['one star', 'end_user.admin.pin_passcode', '8091', '*'],
    ['dots', 'end_user.admin.pin_passcode', '8091', '••••'],
    ['its last digits', 'end_user.admin.account_number', '0000123456', '******3456'],
    ['its first digits', 'end_user.admin.account_number', '0000123456', '00**'],
    ['both ends', 'end_user.admin.tax_identifier', 'DE000000000', 'DE*****00'],
  ])('are equal to a mask that may stand for them: %s', (_, path, stated, held) => {
    expect(differing({ [path]: text(stated) }, { [path]: text(held) })).toEqual([]);
    const settings = [{ path, value: text(stated), source: SOURCE }];
    const masked = maskedSettings(settings, new Map([[path, text(held)]]));
    expect(masked.map(({ before, after }) => [reveal(before), reveal(after)])).toEqual([
      [`text:${held}`, `text:${stated}`],
    ]);
  });

  it.each<[string, SettingPath, string, string]>([
    ['other last digits', 'end_user.admin.account_number', '0000123457', '******3456'],
    ['other first digits', 'end_user.admin.account_number', '1000123456', '00**'],
    ['a text that is all visible', 'end_user.admin.account_number', '3456', '******3456'],
    ['one star within a text', 'end_user.admin.pin_passcode', '1234', '12*4'],
    ['stars in a comment', 'user_feedback.user_comment', 'fine', '****'],
    ['a mask that is to be cleared', 'end_user.admin.pin_passcode', '', '****'],
  ])('differ from a mask that cannot stand for them: %s', (_, path, stated, held) => {
    expect(differing({ [path]: text(stated) }, { [path]: text(held) })).toEqual([path]);
    const settings = [{ path, value: text(stated), source: SOURCE }];
    expect(maskedSettings(settings, new Map([[path, text(held)]]))).toEqual([]);
  });

  it('are not masked where the same text is held', () => {
    const path = 'end_user.admin.pin_passcode';
    const settings = [{ path, value: text('****'), source: SOURCE }] as const;
    expect(maskedSettings(settings, new Map([[path, text('****')]]))).toEqual([]);
  });

  it('differ from an order that does not show them', () => {
    expect(differing({ webhook_url: text('https://example.com') }, {})).toEqual(['webhook_url']);
    expect(differing({ webhook_url: null }, {})).toEqual([]);
  });

  it('clear misc as a whole, which a full port without more is as good as', () => {
    expect(differing({ misc: null }, {})).toEqual([]);
    expect(differing({ misc: null }, { 'misc.type': text('full') })).toEqual([]);
    expect(differing({ misc: null }, { 'misc.type': text('partial') })).toEqual(['misc']);
    const left = { 'misc.type': text('full'), 'misc.remaining_numbers_action': text('disconnect') };
    expect(differing({ misc: null }, left)).toEqual(['misc']);
  });

  it('say in normal form what was there and what will be', () => {
    const settings = [{ path: 'end_user.admin.pin_passcode' as const, value: null, source: SOURCE }];
    const held = new Map([['end_user.admin.pin_passcode' as const, text('0000')]]);
    const [write] = differingSettings(settings, held);
    expect(write && [reveal(write.before), reveal(write.after)]).toEqual(['text:0000', '']);
  });
});

describe('a PIN that the order does not show as it is', () => {
  const path = 'end_user.admin.pin_passcode' as const;
  const held = { shown: text('8091'), other: text('1111'), stars: text('****'), nothing: null };

  it.each<[keyof typeof held, 'unknown' | 'brought' | 'stated before', boolean, boolean]>([
    ['shown', 'unknown', false, false],
    ['shown', 'brought', false, false],
    ['other', 'unknown', true, false],
    ['other', 'stated before', true, false],
    ['stars', 'unknown', false, true],
    ['stars', 'stated before', false, true],
    ['stars', 'brought', true, false],
    ['nothing', 'unknown', true, false],
    ['nothing', 'stated before', false, true],
    ['nothing', 'brought', true, false],
  ])('but %s, and that is %s by the change, differs: %s, goes along: %s', (shown, known, differs, along) => {
    const settings = [{ path, value: text('8091'), source: SOURCE }];
    const observed = new Map<SettingPath, SettingValue>([[path, held[shown]]]);
    const restated =
      known === 'unknown' ? undefined : new Set<SettingPath>(known === 'brought' ? [path] : []);
    const paths = (writes: readonly { readonly path: SettingPath }[]) => writes.map((write) => write.path);
    expect(paths(differingSettings(settings, observed, restated))).toEqual(differs ? [path] : []);
    expect(paths(maskedSettings(settings, observed, restated))).toEqual(along ? [path] : []);
  });

  it('is cleared where the manifest says null, whatever the change brings', () => {
    const settings = [{ path, value: null, source: SOURCE }];
    expect(differingSettings(settings, new Map([[path, text('****')]]), new Set())).toHaveLength(1);
    expect(differingSettings(settings, new Map([[path, null]]), new Set([path]))).toEqual([]);
  });
});
