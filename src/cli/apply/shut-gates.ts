import { type GateName, gateInput, gateWords } from '../../model/plan/gates.ts';
import type { NeededGate } from '../../plan/gates.ts';
import { inShell } from '../session/again.ts';

/**
 * Words for the gates that a reviewed plan needs and this run keeps closed, for the person who may open them.
 */

/** Returns words such as `--allow-replace (for "de-local") and --allow-delete old (for "old")`. */
export function neededFlags(gates: readonly NeededGate[]): string {
  return listed(gates, (gate, names) => inShell(gateWords(gate, names)));
}

/** Returns words such as `allow-replace: true (for "de-local") and allow-delete: old (for "old")`. */
export function neededInputs(gates: readonly NeededGate[]): string {
  return listed(gates, gateInput);
}

function listed(
  gates: readonly NeededGate[],
  spell: (gate: GateName, names: readonly string[]) => string,
): string {
  return gates.map(({ gate, names }) => `${spell(gate, names)} (for ${quoteSome(names)})`).join(' and ');
}

const MAX_NAMES = 5;

function quoteSome(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  const some = names.slice(0, MAX_NAMES).map((name) => `"${name}"`);
  return [...some, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** Returns the message of a refusal on a command line. */
export function shutOnCommandLine(gates: readonly NeededGate[]): string {
  return `the plan needs ${neededFlags(gates)}: add it to this command`;
}
