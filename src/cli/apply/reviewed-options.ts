import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import { CLOSED_GATES, flagOf, GATES, type GateName } from '../../model/plan/gates.ts';
import type { Plan, PlanOptions } from '../../model/plan/plan.ts';
import { isAuthentic } from '../../plan/exact.ts';

/** Returns the options of the reviewed plan. Throws if the command line states others. */
export function takeOptions(reviewed: Plan, stated: PlanOptions): PlanOptions {
  // A plan of an older version does not name newer gates, which were closed.
  const planned = { ...CLOSED_GATES, ...reviewed.options };
  const differing = (Object.keys({ ...planned, ...stated }) as (keyof PlanOptions)[]).filter((key) => {
    const [said = false, kept] = [stated[key], planned[key]];
    const saysSomething = Array.isArray(said) ? said.length > 0 : said !== false;
    return saysSomething && JSON.stringify(said) !== JSON.stringify(kept);
  });
  if (differing.length > 0) {
    const [flags, them] = [differing.map(wordsFor).join(' and '), differing.length === 1 ? 'it' : 'them'];
    throw new InvalidInputError(
      `the reviewed plan was made without ${flags}. Drop ${them} here, or make a new plan with ${them}`,
    );
  }
  return planned;
}

function wordsFor(option: keyof PlanOptions): string {
  if (!(option in GATES)) return NARROWINGS[option as keyof typeof NARROWINGS];
  const gate = option as GateName;
  return `${GATES[gate].takes === 'names' ? 'this ' : ''}${flagOf(gate)}`;
}

const NARROWINGS: Readonly<Record<Exclude<keyof PlanOptions, GateName>, string>> = {
  paths: 'these paths',
  targets: 'this --target',
  excludes: 'this --exclude',
  shard: 'this --shard',
  changed: 'this --changed-since',
};

export function refuseUnauthentic(reviewed: Plan, keys: PlanKeys): void {
  if (isAuthentic(reviewed, keys)) return;
  throw new RefusedError(
    'the plan file does not belong to this run: somebody changed it, or it is for another scope, account, API address or key. ' +
      'Use the same REGSYNC_PLAN_KEY for plan and apply (or the same API key, if you have none), or make a new plan.',
  );
}
