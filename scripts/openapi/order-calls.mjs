import { callForConversations } from './conversation-calls.mjs';
import { SAMPLE_KEY } from './rehearsal.mjs';
import { importSources } from './sources.mjs';

/**
 * The requests about orders that regsync's client can send, each sent by its own function: no run of the program needs
 * all of them.
 * @param stage `{apiUrl, control}`
 */
export async function callForOrders({ apiUrl, control }) {
  const { openWriteClient, Redactor, Sensitive, ...endpoints } = await importSources(CLIENT);
  const client = openWriteClient({
    baseUrl: apiUrl,
    apiKey: new Sensitive(SAMPLE_KEY),
    redactor: new Redactor(),
    userAgent: 'regsync/check',
  });
  const hand = { ...endpoints, client, text: (text) => new Sensitive(text) };
  try {
    await orderNumbers(hand);
    await portNumbers(hand, control);
    await callForConversations(hand, { apiUrl, control });
    // Of many groups only, whose documents are looked up: no rehearsal has so many.
    await endpoints.listDocumentsByReferences(client, [
      'regsync/example-shared/doc/registration',
      'regsync/example-shared/doc/none',
    ]);
  } finally {
    await client.close();
  }
}

const CLIENT = {
  'telnyx/endpoints/actions.ts': '*',
  'telnyx/endpoints/advanced-orders.ts': '*',
  'telnyx/endpoints/catalogue.ts': '*',
  'telnyx/endpoints/comments.ts': '*',
  'telnyx/endpoints/documents.ts': '*',
  'telnyx/endpoints/number-orders.ts': '*',
  'telnyx/endpoints/porting-orders.ts': '*',
  'telnyx/endpoints/requirement-groups.ts': '*',
  'telnyx/client.ts': '{ openWriteClient }',
  'model/privacy/redactor.ts': '{ Redactor }',
  'model/privacy/sensitive.ts': '{ Sensitive }',
};

const CONTACT_INFO = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
const BUSINESS_REGISTRATION = '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2';
const LETTER_OF_AUTHORIZATION = '9ec0b9cc-d53e-486a-937e-797d9117e043';
const ACCOUNT_NUMBER = 'f9a8c3f0-14e0-49ac-922c-0caca5f75025';
const USE_CASE = '02807e35-ca92-44e2-95af-9e1a0137354c';
const REFERENCE = 'regsync/example-shared/order/amsterdam';

async function orderNumbers({ client, text, ...endpoints }) {
  const groupId = await endpoints.createGroup(client, {
    combination: { countryCode: 'NL', phoneNumberType: 'local', action: 'ordering' },
    reference: 'regsync/example-shared/nl-orders',
    values: [
      { requirementId: CONTACT_INFO, value: text('Jo Example') },
      { requirementId: BUSINESS_REGISTRATION, value: text(await upload(endpoints, client, 'registration')) },
    ],
  });
  const orderId = await endpoints.placeNumberOrder(client, {
    reference: REFERENCE,
    phoneNumbers: [
      { phoneNumber: '+31100000001', groupId },
      { phoneNumber: '+44100000001', groupId: null },
    ],
    settings: {
      connection_id: '346789098765567',
      messaging_profile_id: 'abc85f64-5717-4562-b3fc-2c9600',
      billing_group_id: 'abc85f64-5717-4562-b3fc-2c9600',
    },
  });
  await endpoints.listNumberOrders(client);
  await endpoints.listNumberOrdersByReference(client, REFERENCE);
  const { phoneNumbers } = await endpoints.getNumberOrder(client, orderId);
  const [dutch, british] = ['NL', 'GB'].map((code) =>
    phoneNumbers.find(({ countryCode }) => countryCode === code),
  );
  const subOrders = await endpoints.listSubNumberOrders(client, orderId);
  const subOrderOf = (code) => subOrders.find(({ countryCode }) => countryCode === code).id;
  await endpoints.attachGroupToSubNumberOrder(client, subOrderOf('NL'), groupId);
  await endpoints.attachGroupToPhoneNumber(client, dutch.id, groupId);
  await endpoints.getSubNumberOrder(client, subOrderOf('NL'));
  const values = [{ requirementId: USE_CASE, value: text('Support line of Example Ltd') }];
  await endpoints.patchSubNumberOrder(client, subOrderOf('GB'), values);
  await endpoints.patchNumberOrderPhoneNumber(client, british.id, values);
  await endpoints.patchNumberOrder(client, orderId, { reference: REFERENCE, values });
  await endpoints.getNumberOrderPhoneNumber(client, british.id);
  await endpoints.listNumberOrderPhoneNumbers(client, 'GB', { numberOrderId: orderId });
}

async function portNumbers({ client, text, ...endpoints }, control) {
  const groupId = await endpoints.createGroup(client, {
    combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'porting' },
    reference: 'regsync/example-shared/de-porting',
    values: [
      { requirementId: CONTACT_INFO, value: text('Jo Example') },
      { requirementId: LETTER_OF_AUTHORIZATION, value: text(await upload(endpoints, client, 'letter')) },
      { requirementId: ACCOUNT_NUMBER, value: text('0000123456') },
    ],
  });
  const { id } = await control('porting_orders', {
    phone_numbers: ['+49300000001'],
    status: 'exception',
    details: [{ code: 'ENTITY_NAME_MISMATCH', description: 'The name differs.' }],
  });
  await endpoints.patchPortingOrder(client, id, { groupId });
  await endpoints.patchPortingOrder(client, id, {
    settings: SETTINGS.map(([path, value]) => ({
      path,
      value: typeof value === 'string' ? text(value) : Array.isArray(value) ? value.map(text) : value,
    })),
    requirements: [{ requirementId: ACCOUNT_NUMBER, value: text('0000654321') }],
  });
  await endpoints.listPortingOrders(client);
  await endpoints.getPortingOrder(client, id);
  await endpoints.listPortingRequirements(client, id);
}

/** One of each type, and one that is cleared. */
const SETTINGS = [
  ['customer_reference', 'Acct 123abc'],
  ['webhook_url', 'https://example.com/porting'],
  ['end_user.admin.entity_name', 'Example GmbH'],
  ['end_user.admin.pin_passcode', null],
  ['end_user.location.country_code', 'DE'],
  ['misc.type', 'partial'],
  ['misc.remaining_numbers_action', 'keep'],
  ['misc.new_billing_phone_number', '+49300000002'],
  ['messaging.enable_messaging', true],
  ['activation_settings.foc_datetime_requested', '2030-01-31T10:00:00Z'],
  ['phone_number_configuration.tags', ['example']],
  ['user_feedback.user_rating', 5],
];

async function upload({ uploadDocument }, client, name) {
  const { id } = await uploadDocument(client, {
    reference: `regsync/example-shared/doc/${name}`,
    extension: 'pdf',
    bytes: Buffer.from(`%PDF-1.4\n% SAMPLE ${name}\n%%EOF\n`),
  });
  return id;
}
