import {
  ACTION_FIELDS,
  type ActionStart,
  type BoundAction,
  type ObservedAction,
} from '../../model/orders/actions.ts';
import type { NumberOrderChange, PortingOrderChange } from '../../model/plan/change.ts';
import type { PatchOperation } from '../../model/plan/plan.ts';
import type { PlanStart } from '../../model/plan/plan-start.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import { normaliseText } from '../../model/text/normal-text.ts';
import { byText, ownerOf } from './describe-values.ts';
import { fingerprintValue, type PlanKeys } from './fingerprint.ts';

type StartingChange = NumberOrderChange | PortingOrderChange;

/** Describes the actions that a change starts, with fingerprints of the names. */
export function describeStarts(
  change: StartingChange,
  keys: PlanKeys,
): { readonly starts?: readonly PlanStart[] } {
  const { starts = [] } = change;
  return starts.length === 0 ? {} : { starts: starts.map((start) => describeStart(change, start, keys)) };
}

function describeStart(
  change: StartingChange,
  { requirementId, requirementName, names, observed }: ActionStart,
  keys: PlanKeys,
): PlanStart {
  const print = (field: string, name: Sensitive) =>
    fingerprintValue(keys, ownerOf(change), `${requirementId} ${field}`, formOf(name));
  return {
    requirement_id: requirementId,
    name: requirementName,
    id: observed?.id ?? null,
    status: observed?.status ?? null,
    fields: ACTION_FIELDS.flatMap((field) => {
      const [before, after] = [observed?.sent.get(field), names.get(field)];
      if (after === undefined) return [];
      return [
        {
          name: field,
          before: before === undefined ? null : print(field, before),
          after: print(field, after),
        },
      ];
    }),
  };
}

function formOf(name: Sensitive): Sensitive {
  return new Sensitive(normaliseText(reveal(name)));
}

/** Describes the starts as a patch, under paths that no other field has. */
export function startPatch(starts: readonly PlanStart[] = []): PatchOperation[] {
  return starts.flatMap(({ requirement_id, id, fields }) =>
    fields.map(({ name, before, after }) => ({
      op: before === null ? ('add' as const) : ('replace' as const),
      path: `/actions/${requirement_id}${id === null ? '' : `/${id}`}/${name}`,
      value: after,
    })),
  );
}

/** ---- Input of digests ---- */

/** Returns the names that the manifest states. Empty if it states no action, so that older digests stay. */
export function statedActions(actions: readonly BoundAction[] = []): unknown[] {
  if (actions.length === 0) return [];
  const forms = actions.map(({ requirement, names }) => [
    requirement.id,
    ...ACTION_FIELDS.map((field) => formText(names.get(field))),
  ]);
  return [forms.sort(byText)];
}

/** Returns the actions as Telnyx has them. */
export function observedActions(actions: readonly ObservedAction[] = []): unknown[] {
  if (actions.length === 0) return [];
  const forms = actions.map(({ requirementId, id, state, status, sent }) => [
    requirementId,
    id,
    state,
    status,
    ...ACTION_FIELDS.map((field) => formText(sent.get(field))),
  ]);
  return [forms.sort(byText)];
}

function formText(name: Sensitive | undefined): string | null {
  return name === undefined ? null : normaliseText(reveal(name));
}
