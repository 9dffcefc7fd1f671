import { NEXT_STEPS, type NextStep } from '../model/next-steps.ts';
import { GATE_NAMES, GATES, inputOf } from '../model/plan/gates.ts';
import type { Plan } from '../model/plan/plan.ts';
import {
  type MessagePart,
  named,
  PARTS,
  type Sentence,
  sentence,
  type Worded,
} from '../model/text/sentence.ts';
import type { Note } from '../render/annotations.ts';

/**
 * The one place that turns next steps of a command line into next steps on GitHub. Shared code names flags and
 * variables, and a person who reads a pull request can type neither: they set inputs and secrets, in workflow files.
 */
export function inWorkflowWords(text: string): string {
  return REPLACEMENTS.reduce((said, [typed, replace]) => said.replace(typed, replace), text);
}

export function notesInWorkflowWords<Told extends Note>(notes: readonly Told[]): readonly Told[] {
  return notes.map((note) => ({
    ...note,
    message: inWorkflowWords(note.message),
    ...(note.hint === undefined ? {} : { hint: inWorkflowWords(note.hint) }),
  }));
}

/** Returns the plan to show. The plan that is kept and compared stays as it is. */
export function planInWorkflowWords(plan: Plan): Plan {
  const say = <Told extends Worded>(told: Told): Told => {
    const parts = told[PARTS]?.flatMap(partInWorkflowWords);
    return {
      ...told,
      message: inWorkflowWords(told.message),
      ...(parts === undefined ? {} : { [PARTS]: parts }),
    };
  };
  return {
    ...plan,
    diagnostics: plan.diagnostics.map(say),
    // Other attention may quote a reviewer.
    attention: plan.attention.map((entry) => (OURS.has(entry.code) ? say(entry) : entry)),
  };
}

/** Says of one part what `inWorkflowWords` says of a text. */
function partInWorkflowWords(part: MessagePart): Sentence {
  if (typeof part === 'string') return [part];
  const [flag = '', value] = part.text.split(' ', 2);
  if (part.as === 'option') return sentence`the input ${named(part.text)}`;
  return part.as === 'added' ? sentence`set the input ${named(`${flag}: ${value ?? true}`)}` : [part];
}

const OURS: ReadonlySet<string> = new Set(['orphaned', 'no-longer-managed']);

const secret = (name: string) =>
  `Save it as the secret ${name} of this repository, and pass it in the workflow's env: ${name}: \${{ secrets.${name} }}`;

/** The same steps on GitHub. The compiler asks for each. */
const GITHUB_STEPS: Readonly<Record<NextStep, (variable: string) => string>> = {
  giveKey: secret,
  replaceKey: (variable) => `save it as the secret ${variable} of this repository`,
  giveText: (variable) => `${secret(variable)}, in the steps that plan and apply.`,
  giveIdentity: () => `${secret('REGSYNC_AGE_IDENTITY')}, in the step that applies.`,
  makePlanKey: () =>
    'Make one with `openssl rand -hex 32`, and save it as the secret REGSYNC_PLAN_KEY, which the steps that plan and apply both get in env',
  goToRepository: () => 'set the input working-directory to its folder',
};

type Replacement = readonly [pattern: RegExp, replace: (whole: string, ...parts: string[]) => string];

function stepsToReplace(): readonly Replacement[] {
  return (Object.keys(NEXT_STEPS) as NextStep[]).map((step) => {
    const [before = '', ...rest] = NEXT_STEPS[step](VARIABLE).split(VARIABLE).map(literally);
    const pattern = new RegExp(`${before}${rest.map((part) => `([A-Z0-9_]+)${part}`).join('')}`, 'g');
    return [pattern, (_, variable = '') => GITHUB_STEPS[step](variable)];
  });
}

/** No sentence contains this character. */
const VARIABLE = '\0';

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const gatesThatTake = (takes: 'yes' | 'names') =>
  GATE_NAMES.filter((gate) => GATES[gate].takes === takes).map(inputOf);

/** The options of the command line that are inputs of the same name. A test compares them with action.yml. */
const OPTIONS = {
  yes: [...gatesThatTake('yes'), 'allow-unreviewed', 'sandbox'],
  value: [
    ...gatesThatTake('names'),
    ...['account', 'changes', 'config', 'exclude', 'fail-on', 'fail-on-expiry', 'fingerprint'],
    ...['parallelism', 'record', 'shard', 'shards', 'target'],
  ],
};

/** An option in a command that a person types on their own machine stays as it is. */
const NOT_IN_A_COMMAND = '(?<!regsync (?:apply|ci|doctor|lock|plan|status)(?: [\\w./-]+)* )';

function optionsToReplace(): readonly Replacement[] {
  const option = (names: readonly string[]) => `${NOT_IN_A_COMMAND}--(${names.join('|')})(?![\\w-])`;
  return [
    [
      new RegExp(`(a|A)dd ${option(OPTIONS.value)} ([\\w.-]+)`, 'g'),
      (_, a, name, value) => `${a === 'a' ? 's' : 'S'}et the input ${name}: ${value}`,
    ],
    [
      new RegExp(`(a|A)dd ${option(OPTIONS.yes)}`, 'g'),
      (_, a, name) => `${a === 'a' ? 's' : 'S'}et the input ${name}: true`,
    ],
    [
      new RegExp(`${option([...OPTIONS.yes, ...OPTIONS.value])}(?: FILE\\b)?`, 'g'),
      (_, name) => `the input ${name}`,
    ],
  ];
}

/** Whole sentences first, then single flags. */
const REPLACEMENTS: readonly Replacement[] = [
  ...stepsToReplace(),
  [/(C|c)orrect --chdir\b/g, (_, c) => `${c}orrect the input working-directory`],
  ...optionsToReplace(),
];
