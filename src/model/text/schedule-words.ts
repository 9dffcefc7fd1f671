import type { NamedRequirement, ScheduledVersion } from '../lock.ts';
import { joined, named, plain, quoted, type Sentence, sentence } from './sentence.ts';

/** Returns, for example, `version 2 is scheduled for 2027-01-01: adds "Proof of Identity"`. */
export function describeSchedule({ version, effectiveAt, adds, removes }: ScheduledVersion): Sentence {
  const effects = [
    ...(adds.length === 0 ? [] : [sentence`adds ${names(adds)}`]),
    ...(removes.length === 0 ? [] : [sentence`removes ${names(removes)}`]),
  ];
  const what = effects.length === 0 ? '' : sentence`: ${joined(effects, '; ')}`;
  return sentence`version ${named(`${version}`)} is scheduled ${describeDay(effectiveAt)}${what}`;
}

function names(requirements: readonly NamedRequirement[]): Sentence {
  return joined(
    requirements.map(({ name }) => quoted(name)),
    ', ',
  );
}

/** Returns the day of a time, or else the text as Telnyx wrote it. */
function describeDay(effectiveAt: string | null): Sentence {
  if (effectiveAt === null) return sentence`for a day that Telnyx does not name`;
  return sentence`for ${plain(/^\d{4}-\d{2}-\d{2}(?=T|$)/.exec(effectiveAt)?.[0] ?? effectiveAt)}`;
}
