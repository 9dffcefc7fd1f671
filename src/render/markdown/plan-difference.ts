import { changeIdentity, type Plan, type PlanChange } from '../../model/plan/plan.ts';
import {
  fromTo,
  orderFacts,
  orderWords,
  referenceWrites,
  replaceDeletes,
  settingWords,
  valuesOf,
} from '../words/plan-words.ts';

/**
 * Returns the lines of two plans as a difference. For each change that is not the same in both, lines of the
 * reviewed plan have `-`, those of the fresh one `+`, and common ones no sign. Escapes nothing.
 */
export function planDifference(reviewed: Plan, fresh: Plan): string[] {
  const [before, after] = [shownIn(reviewed), shownIn(fresh)];
  const identities = [...new Set([...before.keys(), ...after.keys()])];
  return identities.flatMap((identity) => {
    const [was, is] = [linesOf(before.get(identity)), linesOf(after.get(identity))];
    const isSame = was.length === is.length && was.every((line, index) => line === is[index]);
    return isSame
      ? []
      : [
          ...was.map((line) => `${is.includes(line) ? ' ' : '-'} ${line}`),
          ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`),
        ];
  });
}

/** Leaves out documents and addresses, because the groups and orders show them. */
function shownIn({ changes }: Plan): ReadonlyMap<string, PlanChange> {
  const shown = changes.filter(({ kind }) => kind !== 'Document' && kind !== 'Address');
  return new Map(shown.map((change) => [changeIdentity(change), change]));
}

function linesOf(change: PlanChange | undefined): string[] {
  if (change === undefined) return [];
  const { name, actions, group, order, consequences } = change;
  const what =
    group === undefined
      ? orderWords(change)
      : [group.country_code, group.phone_number_type, group.action].join(' ');
  const status = (group ?? order)?.status ?? null;
  const inner = [
    ...valuesOf(change).map((value) => `${value.name}  ${fromTo(value)}`),
    ...(order?.settings ?? []).map((setting) => `${setting.name}  ${settingWords(setting).words}`),
    ...referenceWrites(change),
    ...orderFacts(change),
    ...replaceDeletes(change),
    ...consequences,
  ];
  return [
    `${name}  ${what}  ${status ?? 'new'}: ${actions.join(', ')}`,
    ...inner.map((line) => `  ${name} · ${line}`),
  ];
}
