import { GATE_NAMES, GATES, inputOf } from '../model/gates.ts';
import type { Plan } from '../model/plan.ts';
import { type MessagePart, named, PARTS, type Sentence, sentence, type Worded } from '../model/sentence.ts';
import type { Note } from '../render/annotations.ts';

/**
 * The one place that turns next steps of a command line into next steps on GitHub. Shared code names flags and
 * variables, and a person who reads a pull request can type neither: they set inputs and secrets, in workflow files.
 */
export function inWorkflowWords(text: string): string {
  return WORDS.reduce((said, [typed, set]) => said.replace(typed, set), text);
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

/** `$$` is a dollar sign to `replace`. */
const SECRET = (name: string) =>
  `Save it as the secret ${name} of this repository, and pass it in the workflow's env: ${name}: $$\{{ secrets.${name} }}`;

const inputsOf = (takes: 'yes' | 'names') =>
  GATE_NAMES.filter((gate) => GATES[gate].takes === takes)
    .map(inputOf)
    .join('|');
const [OPENING, NAMING] = [inputsOf('yes'), inputsOf('names')];

/** Whole sentences first, then single flags. */
const WORDS: readonly (readonly [typed: RegExp, set: string])[] = [
  [/Set ([A-Z0-9_]+), or add --api-key-file FILE/g, SECRET('$1')],
  [/set it as ([A-Z0-9_]+)(?=\.|$)/g, 'save it as the secret $1 of this repository'],
  [
    /Set it for plan and apply: export ([A-Z0-9_]+)='…'\. validate does not need it\./g,
    `${SECRET('$1')}, in the steps that plan and apply.`,
  ],
  [
    /Set REGSYNC_AGE_IDENTITY_FILE to .* to the key itself\./g,
    `${SECRET('REGSYNC_AGE_IDENTITY')}, in the step that applies.`,
  ],
  [
    /Make one with `openssl rand -hex 32`, and set the same for plan and apply/g,
    'Make one with `openssl rand -hex 32`, and save it as the secret REGSYNC_PLAN_KEY, which the steps that plan and apply both get in env',
  ],
  [/add --chdir DIR\b/g, 'set the input working-directory to its folder'],
  [new RegExp(`add --(${NAMING}|account|target|exclude|shard) ([\\w.-]+)`, 'g'), 'set the input $1: $2'],
  [new RegExp(`add --(${OPENING})\\b`, 'g'), 'set the input $1: true'],
  [
    new RegExp(`--(${OPENING}|${NAMING}|account|target|exclude|shard|config|fail-on-expiry)\\b`, 'g'),
    'the input $1',
  ],
];
