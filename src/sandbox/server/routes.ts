import { initiatePortingAction, listPortingActions } from '../actions/porting-actions.ts';
import { getSubOrderAction, startSubOrderAction } from '../actions/sub-order-actions.ts';
import {
  deleteDocument,
  downloadDocument,
  getDocument,
  linkToDownload,
  listDocumentLinks,
  listDocuments,
  updateDocument,
  uploadDocument,
} from '../documents/documents.ts';
import {
  createAddress,
  deleteAddress,
  getAddress,
  listAddresses,
  validateAddress,
} from '../groups/addresses.ts';
import { createComment, getComment, listComments, markCommentRead } from '../groups/comments.ts';
import { createGroup, deleteGroup, getGroup, listGroups, updateGroup } from '../groups/groups.ts';
import { submitGroup } from '../groups/submitting.ts';
import {
  createAdvancedOrder,
  getAdvancedOrder,
  giveGroupToAdvancedOrder,
  listAdvancedOrders,
} from '../orders/advanced-orders.ts';
import {
  getNumberOrder,
  listNumberOrders,
  placeNumberOrder,
  updateNumberOrder,
} from '../orders/number-orders.ts';
import {
  attachToOrderedNumber,
  getOrderedNumber,
  listOrderedNumbers,
  updateOrderedNumber,
} from '../orders/ordered-numbers.ts';
import { createPortingComment, listPortingComments } from '../orders/porting-comments.ts';
import { listExceptionTypes } from '../orders/porting-exceptions.ts';
import {
  getPortingOrder,
  listPortingOrders,
  listPortingRequirements,
  updatePortingOrder,
} from '../orders/porting-orders.ts';
import {
  attachToSubNumberOrder,
  cancelSubNumberOrder,
  getSubNumberOrder,
  listSubNumberOrders,
  updateSubNumberOrder,
} from '../orders/sub-number-orders.ts';
import {
  getRequirement,
  getRequirementType,
  listPhoneNumberRequirements,
  listRegulatoryRequirements,
  listRequirements,
  listRequirementTypes,
} from '../requirements/requirements.ts';
import { refusal } from './answer.ts';
import type { Handler } from './request.ts';

/** A route. The cost of an endpoint is documented for a few, without its meaning, and is sent as a header. */
export type Endpoint = readonly [
  method: string,
  template: string,
  handler: Handler,
  cost?: 'medium' | 'heavy',
];

export type ApiOperation = readonly [
  method: string,
  template: string,
  act: Handler | RefusedOperation,
  cost?: 'medium' | 'heavy',
];

/** An operation that Telnyx has and the simulator refuses, with the reason in a sentence. */
export interface RefusedOperation {
  readonly refused: string;
}

const NOBODY_IS_NOTIFIED = 'nobody is notified, and regsync asks instead of being told';

/**
 * Every operation of the vendor's description below `/v2` (`scripts/check-openapi.mjs` compares them), with
 * its handler or the reason why the simulator has none.
 */
export const API_OPERATIONS: readonly ApiOperation[] = [
  ['GET', '/requirement_groups', listGroups],
  ['POST', '/requirement_groups', createGroup],
  ['GET', '/requirement_groups/{id}', getGroup],
  ['PATCH', '/requirement_groups/{id}', updateGroup],
  ['DELETE', '/requirement_groups/{id}', deleteGroup],
  ['POST', '/requirement_groups/{id}/submit_for_approval', submitGroup],

  ['GET', '/requirements', listRequirements],
  ['GET', '/requirements/{id}', getRequirement],
  ['GET', '/requirement_types', listRequirementTypes],
  ['GET', '/requirement_types/{id}', getRequirementType],
  ['GET', '/regulatory_requirements', listRegulatoryRequirements],
  ['GET', '/phone_numbers_regulatory_requirements', listPhoneNumberRequirements],

  ['GET', '/documents', listDocuments],
  ['POST', '/documents', uploadDocument],
  ['GET', '/documents/{id}', getDocument],
  ['PATCH', '/documents/{id}', updateDocument],
  ['DELETE', '/documents/{id}', deleteDocument],
  ['GET', '/documents/{id}/download', downloadDocument],
  ['GET', '/documents/{id}/download_link', linkToDownload],
  ['GET', '/document_links', listDocumentLinks],

  ['GET', '/addresses', listAddresses, 'medium'],
  ['POST', '/addresses', createAddress, 'medium'],
  ['POST', '/addresses/actions/validate', validateAddress],
  ['GET', '/addresses/{id}', getAddress],
  ['DELETE', '/addresses/{id}', deleteAddress],
  ['POST', '/addresses/{id}/actions/accept_suggestions', refused('an address is taken as it is written')],

  ['GET', '/number_orders', listNumberOrders, 'medium'],
  ['POST', '/number_orders', placeNumberOrder, 'heavy'],
  ['GET', '/number_orders/{number_order_id}', getNumberOrder],
  ['PATCH', '/number_orders/{number_order_id}', updateNumberOrder],
  ['GET', '/sub_number_orders', listSubNumberOrders],
  ['GET', '/sub_number_orders/{sub_number_order_id}', getSubNumberOrder],
  ['PATCH', '/sub_number_orders/{sub_number_order_id}', updateSubNumberOrder],
  ['PATCH', '/sub_number_orders/{sub_number_order_id}/cancel', cancelSubNumberOrder],
  ['POST', '/sub_number_orders/{id}/requirement_group', attachToSubNumberOrder],
  ['GET', '/number_order_phone_numbers', listOrderedNumbers],
  ['GET', '/number_order_phone_numbers/{number_order_phone_number_id}', getOrderedNumber],
  ['PATCH', '/number_order_phone_numbers/{number_order_phone_number_id}', updateOrderedNumber],
  ['POST', '/number_order_phone_numbers/{id}/requirement_group', attachToOrderedNumber],

  [
    'GET',
    '/external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}',
    getSubOrderAction,
  ],
  [
    'POST',
    '/external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}',
    startSubOrderAction,
  ],

  ['GET', '/advanced_orders', listAdvancedOrders],
  ['POST', '/advanced_orders', createAdvancedOrder],
  ['GET', '/advanced_orders/{order_id}', getAdvancedOrder],
  ['PATCH', '/advanced_orders/{advanced-order-id}/requirement_group', giveGroupToAdvancedOrder],

  [
    'GET',
    '/available_phone_numbers',
    refused('its numbers are fictional, and all that fit the pattern are for sale'),
  ],

  ['GET', '/porting_orders/exception_types', listExceptionTypes],
  ['GET', '/porting_orders', listPortingOrders],
  ['POST', '/porting_orders', refused('porting orders are made by POST /_sandbox/porting_orders')],
  ['GET', '/porting_orders/{id}', getPortingOrder],
  ['PATCH', '/porting_orders/{id}', updatePortingOrder],
  ['GET', '/porting_orders/{id}/requirements', listPortingRequirements],
  ['GET', '/porting_orders/{id}/comments', listPortingComments],
  ['POST', '/porting_orders/{id}/comments', createPortingComment],
  ['GET', '/porting_orders/{id}/loa_template', refused('a letter of authorization is any document')],
  ['GET', '/porting_orders/{porting_order_id}/action_requirements', listPortingActions],
  ['POST', '/porting_orders/{porting_order_id}/action_requirements/{id}/initiate', initiatePortingAction],

  ['GET', '/comments', listComments],
  ['POST', '/comments', createComment],
  ['GET', '/comments/{id}', getComment],
  ['PATCH', '/comments/{id}/read', markCommentRead],

  ['GET', '/notification_channels', refused(NOBODY_IS_NOTIFIED)],
  ['POST', '/notification_channels', refused(NOBODY_IS_NOTIFIED)],
  ['GET', '/notification_event_conditions', refused(NOBODY_IS_NOTIFIED)],
  ['GET', '/notification_events', refused(NOBODY_IS_NOTIFIED)],
  ['GET', '/notification_profiles', refused(NOBODY_IS_NOTIFIED)],
  ['POST', '/notification_profiles', refused(NOBODY_IS_NOTIFIED)],
  ['GET', '/notification_settings', refused(NOBODY_IS_NOTIFIED)],
  ['POST', '/notification_settings', refused(NOBODY_IS_NOTIFIED)],
  ['GET', '/notification_settings/{id}', refused(NOBODY_IS_NOTIFIED)],
  ['DELETE', '/notification_settings/{id}', refused(NOBODY_IS_NOTIFIED)],
];

/** The operations as routes, including those that only refuse. */
export const API_ROUTES: readonly Endpoint[] = API_OPERATIONS.map(([method, template, act, cost]) => {
  const handler = typeof act === 'function' ? act : refuse(act);
  return cost === undefined ? [method, template, handler] : [method, template, handler, cost];
});

function refuse({ refused }: RefusedOperation): Handler {
  return () => {
    throw refusal(404, '10003', refused);
  };
}

function refused(because: string): RefusedOperation {
  return { refused: `The sandbox has no such endpoint: ${because}.` };
}

export interface RouteMatch {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
  readonly cost: string | null;
}

/** Returns the first matching route. */
export function matchRoute(routes: readonly Endpoint[], method: string, path: string): RouteMatch {
  const fitting = routes.flatMap(([routeMethod, template, handler, cost = null]) => {
    const params = matchTemplate(template, path);
    return params === null ? [] : [{ method: routeMethod, handler, params, cost }];
  });
  const found = fitting.find((route) => route.method === method);
  if (found !== undefined) return found;
  if (fitting.length > 0) {
    const allowed = fitting.map((route) => route.method).join(', ');
    throw refusal(405, '10030', `${method} is not allowed here. Allowed: ${allowed}.`);
  }
  throw refusal(404, '10003', `There is nothing at ${path}.`);
}

function matchTemplate(template: string, path: string): Record<string, string> | null {
  const expected = template.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = actual[index] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = decode(value);
    else if (part !== value) return null;
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
