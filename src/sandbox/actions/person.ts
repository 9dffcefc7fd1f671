import { randomUUID } from 'node:crypto';
import { apiError, refusal, refuseIfAny } from '../server/answer.ts';
import { isBlank, optionalText } from '../server/input.ts';
import { isJsonObject, type JsonObject } from '../server/request.ts';
import { nowMs } from '../state/clock.ts';
import type { PersonalLink, State } from '../state/state.ts';

/** Proof of identity, for which each person gets a link of their own. */

export const NAMES = ['first_name', 'last_name'] as const;

type Person = Readonly<Record<(typeof NAMES)[number], string>>;

/**
 * @param field the object in the body that contains the names. Telnyx rejects them at the top level
 * (documented).
 */
export function readPerson(body: JsonObject, field: string): Person {
  const { [field]: nested } = body;
  const pointer = `/${field}`;
  if (!isJsonObject(nested)) throw refusal(422, '10004', `${field} is required.`, { pointer });
  refuseIfAny(
    NAMES.filter((name) => isBlank(nested[name])).map((name) =>
      apiError('10004', `${name} is required.`, { pointer: `${pointer}/${name}` }),
    ),
  );
  return {
    first_name: optionalText(nested, 'first_name') ?? '',
    last_name: optionalText(nested, 'last_name') ?? '',
  };
}

export function newLink(state: State): PersonalLink {
  const ready_ms = nowMs(state) + state.quirks.action_link_delay_seconds * 1000;
  return { url: `https://verify.example.com/${randomUUID()}`, ready_ms };
}

/** Returns null until the link has been generated (documented). */
export function shownLink(state: State, link: PersonalLink | null): string | null {
  return link === null || link.ready_ms > nowMs(state) ? null : link.url;
}
