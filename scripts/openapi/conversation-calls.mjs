import { connect } from './plain-client.mjs';
import { SAMPLE_KEY } from './rehearsal.mjs';

/** Requests about what is said of groups and orders, and what orders want of a person, each sent by its own function. */

const IDENTITY_CHECK = 'b7c72fb8-fa08-4529-aaf6-b9117d3f3698';
const PROOF_OF_ADDRESS = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';

/**
 * @param hand the client, its endpoints, and `text`, which wraps what is private.
 * @param stage `{apiUrl, control}`
 */
export async function callForConversations(hand, { apiUrl, control }) {
  await talkAboutOrders(hand, control);
  await talkAboutPorting(hand, { apiUrl, control });
  await proveIdentities(hand, control);
  await findNumbers(hand, apiUrl);
}

async function talkAboutOrders({ client, ...endpoints }, control) {
  const { subOrderId } = await placeOrder({ client, ...endpoints }, '+33100000009');
  const record = { type: 'sub_number_order', id: subOrderId };
  await control(`sub_number_orders/${subOrderId}/ask`, { comment: 'Which floor?' });
  const [question] = await endpoints.listComments(client, record);
  await endpoints.markCommentRead(client, question.id);
  await endpoints.postComment(client, record, 'The second floor.');
}

async function talkAboutPorting({ client, ...endpoints }, { apiUrl, control }) {
  const { data: types } = await connect(apiUrl).get('/porting_orders/exception_types');
  const details = types.map(({ code }) => ({ code }));
  const { id } = await control('porting_orders', {
    phone_numbers: ['+49300000009'],
    status: 'exception',
    details,
  });
  await endpoints.getPortingOrder(client, id);
  for (const user_type of ['admin', 'system']) {
    await control(`porting_orders/${id}/ask`, { comment: 'Which name?', user_type });
  }
  await endpoints.postPortingComment(client, id, 'Example GmbH.');
  await endpoints.listPortingComments(client, id);
}

async function proveIdentities({ client, text, ...endpoints }, control) {
  const fields = new Map([
    ['first_name', text('Jo')],
    ['last_name', text('Example')],
  ]);
  const { subOrderId } = await placeOrder({ client, ...endpoints }, '+61700000001');
  await endpoints.getSubOrderAction(client, IDENTITY_CHECK, subOrderId);
  await endpoints.startSubOrderAction(client, IDENTITY_CHECK, subOrderId, fields);
  await endpoints.getSubOrderAction(client, IDENTITY_CHECK, subOrderId);

  const { id } = await control('porting_orders', { phone_numbers: ['+49300000008'] });
  for (const status of ['completed', 'failed', 'cancelled']) {
    await control(`porting_orders/${id}/demand-action`, { requirement_type_id: IDENTITY_CHECK });
    const actions = await endpoints.listPortingActions(client, id);
    const action = actions.find((one) => one.status === 'created');
    await endpoints.initiatePortingAction(client, id, action.id, fields);
    await endpoints.listPortingActions(client, id);
    await control(`porting_orders/${id}/finish-action`, { status, cancel_reason: 'The end.' });
  }
  await endpoints.listPortingActions(client, id);
}

/** Nothing of regsync's places such an order. */
async function findNumbers({ client, text, ...endpoints }, apiUrl) {
  await fetch(`${apiUrl}/advanced_orders`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SAMPLE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ country_code: 'FR' }),
  });
  const groupId = await endpoints.createGroup(client, {
    combination: { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' },
    reference: 'regsync/example-shared/fr-advanced',
    values: [{ requirementId: PROOF_OF_ADDRESS, value: text(await uploadProof({ client, ...endpoints })) }],
  });
  for (const { id } of await endpoints.listAdvancedOrders(client)) {
    await endpoints.attachGroupToAdvancedOrder(client, id, groupId);
    await endpoints.getAdvancedOrder(client, id);
  }
}

async function uploadProof({ client, uploadDocument }) {
  const bytes = Buffer.from('%PDF-1.4\n% SAMPLE proof\n%%EOF\n');
  const { id } = await uploadDocument(client, {
    reference: 'regsync/example-shared/doc/proof',
    extension: 'pdf',
    bytes,
  });
  return id;
}

async function placeOrder({ client, ...endpoints }, phoneNumber) {
  const orderId = await endpoints.placeNumberOrder(client, {
    reference: `regsync/example-shared/order/${phoneNumber}`,
    phoneNumbers: [{ phoneNumber, groupId: null }],
  });
  const [{ id }] = await endpoints.listSubNumberOrders(client, orderId);
  return { subOrderId: id };
}
