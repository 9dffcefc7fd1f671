import type { NamedRequirement, ScheduledVersion } from './lock.ts';

/** Returns, for example, `version 2 is scheduled for 2027-01-01: adds "Proof of Identity"`. */
export function describeSchedule({ version, effectiveAt, adds, removes }: ScheduledVersion): string {
  const effects = [
    ...(adds.length === 0 ? [] : [`adds ${names(adds)}`]),
    ...(removes.length === 0 ? [] : [`removes ${names(removes)}`]),
  ];
  const what = effects.length === 0 ? '' : `: ${effects.join('; ')}`;
  return `version ${version} is scheduled ${describeDay(effectiveAt)}${what}`;
}

function names(requirements: readonly NamedRequirement[]): string {
  return requirements.map(({ name }) => `"${name}"`).join(', ');
}

/** Returns the day of a time, or else the text as Telnyx wrote it. */
function describeDay(effectiveAt: string | null): string {
  if (effectiveAt === null) return 'for a day that Telnyx does not name';
  return `for ${/^\d{4}-\d{2}-\d{2}(?=T|$)/.exec(effectiveAt)?.[0] ?? effectiveAt}`;
}
