/**
 * The table of gates. Options of commands, options in a plan file, inputs of the action, words in refusals and
 * the checks of an apply all follow it. A new gate is one row here, one input in action.yml, one property in
 * `schemas/plan.schema.json`, and one rule in `plan/gates.ts`, for which the compiler asks.
 */

interface GateRow {
  /** A gate opens for a whole run (`yes`), or for the objects that the user names (`names`). */
  readonly takes: 'yes' | 'names';
  /** The text of the option's help. */
  readonly help: string;
  /** With true, a plan file does not open this gate: the apply must be given it as well. */
  readonly statedAgain: boolean;
}

export const GATES = {
  prune: { takes: 'yes', help: 'delete groups of the scope that no manifest names', statedAgain: false },
  allow_replace: {
    takes: 'yes',
    help: 'allow replacing a group whose country, type or action changed',
    statedAgain: false,
  },
  allow_delete: {
    takes: 'names',
    help: 'allow pruning this approved group (may be repeated)',
    statedAgain: false,
  },
  allow_orders: {
    takes: 'yes',
    help: 'allow placing number orders, which costs money',
    statedAgain: true,
  },
  allow_actions: {
    takes: 'yes',
    help: 'allow starting actions, which send names of people to Telnyx',
    statedAgain: true,
  },
  resubmit: {
    takes: 'names',
    help: 'submit this declined or expired group again, unchanged (may be repeated)',
    statedAgain: false,
  },
} as const satisfies Readonly<Record<string, GateRow>>;

export type GateName = keyof typeof GATES;

/** The gates of a run, under the names that a plan file has. */
export type Gates = {
  readonly [Gate in GateName]: (typeof GATES)[Gate]['takes'] extends 'names' ? readonly string[] : boolean;
};

/** The gates as options of a command, under the names that the command line's parser gives them. */
export type GateFlags = { readonly [Gate in GateName as CamelCase<Gate>]?: Gates[Gate] };

type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

export const GATE_NAMES = Object.keys(GATES) as readonly GateName[];

export const CLOSED_GATES: Gates = readGates(({ takes }) => (takes === 'names' ? [] : false));

/** Returns the gates that `read` finds open. An undefined answer is a closed gate. */
export function readGates(
  read: (row: GateRow, gate: GateName) => boolean | readonly string[] | undefined,
): Gates {
  const gates = GATE_NAMES.map((gate) => {
    const given = read(GATES[gate], gate);
    const names = Array.isArray(given) ? [...given].sort() : [];
    return [gate, GATES[gate].takes === 'names' ? names : given === true];
  });
  return Object.fromEntries(gates);
}

/** Returns the gates that the options of a command open. */
export function gatesFromFlags(flags: GateFlags): Gates {
  return readGates((_, gate) => flags[flagKey(gate)]);
}

export function flagsFromGates(gates: Gates): GateFlags {
  return Object.fromEntries(GATE_NAMES.map((gate) => [flagKey(gate), gates[gate]]));
}

/** Returns the gates that are open in one of several runs. */
export function openInAny(all: readonly Gates[]): Gates {
  return readGates(({ takes }, gate) =>
    takes === 'names'
      ? [...new Set(all.flatMap((gates) => gates[gate] as readonly string[]))]
      : all.some((gates) => gates[gate] === true),
  );
}

/** Returns the gates that stay open in `gates` for an apply that was given `stated`. */
export function withGatesStatedAgain(gates: Gates, stated: Gates): Gates {
  return readGates(({ statedAgain }, gate) => (statedAgain ? stated : gates)[gate]);
}

/** Returns true if the gate lets through an object of this name. */
export function isOpenFor(gates: Gates, gate: GateName, name: string): boolean {
  const opened = gates[gate];
  return typeof opened === 'boolean' ? opened : opened.includes(name);
}

/** Returns the words of a command line that open the gate, for the given names if it takes names. */
export function gateWords(gate: GateName, names: readonly string[]): string[] {
  const flag = flagOf(gate);
  return GATES[gate].takes === 'names' ? names.flatMap((name) => [flag, name]) : [flag];
}

/** Returns the words of a command line that open each of these gates. */
export function wordsOfGates(gates: Gates): string[] {
  return GATE_NAMES.flatMap((gate) => {
    const opened = gates[gate];
    return typeof opened === 'boolean' ? (opened ? gateWords(gate, []) : []) : gateWords(gate, opened);
  });
}

/** Returns the line of a workflow that opens the gate, such as `allow-delete: old, older`. */
export function gateInput(gate: GateName, names: readonly string[]): string {
  return `${inputOf(gate)}: ${GATES[gate].takes === 'names' ? names.join(', ') : 'true'}`;
}

/** Returns the gate's option, such as `--allow-delete`. */
export function flagOf(gate: GateName): string {
  return `--${inputOf(gate)}`;
}

/** Returns the gate's input of the action, such as `allow-delete`. */
export function inputOf(gate: GateName): string {
  return gate.replaceAll('_', '-');
}

function flagKey(gate: GateName): keyof GateFlags {
  return gate.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof GateFlags;
}
