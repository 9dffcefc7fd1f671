import { callApi } from './orders.ts';
import type { Rehearsal } from './rehearsal.ts';

/** Manifests of number orders, and the orders that the sandbox holds. */

export const BERLIN = '+49300000001';
export const SECOND = '+49300000002';

export function numberOrder(
  given: { readonly name?: string; readonly numbers?: readonly string[]; readonly extra?: string } = {},
): string {
  const { name = 'berlin', numbers = [BERLIN], extra = 'requirement_group: de-local\n' } = given;
  const list =
    numbers.length === 0 ? '' : `phone_numbers:\n${numbers.map((one) => `  - "${one}"\n`).join('')}`;
  return `apiVersion: regsync/v1
kind: NumberOrder
name: ${name}
${list}${extra}`;
}

/** Lines of a manifest: direct values, by requirement id. */
export function directTexts(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(([id, text]) => `  - requirement: ${id}\n    text: "${text}"\n`);
  return `requirements:\n${entries.join('')}`;
}

export interface HeldOrder {
  readonly id: string;
  readonly customer_reference: string;
  readonly status: string;
  readonly connection_id: string;
  readonly phone_numbers: readonly { readonly id: string; readonly phone_number: string }[];
  readonly sub_number_orders_ids: readonly string[];
}

export async function heldOrders(stage: Pick<Rehearsal, 'sandbox'>): Promise<readonly HeldOrder[]> {
  return callApi<HeldOrder[]>(stage, 'GET', '/number_orders?page[size]=250');
}
