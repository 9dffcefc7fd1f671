import type { Plan } from '../../model/plan/plan.ts';
import { given } from './wording.ts';

/** A comment or an issue names its job in its heading, because there may be several. */

export interface JobPlace {
  /**
   * The path of the configuration: `''`, `telnyx/eu`, or with its file if that does not have the usual name.
   */
  readonly configuration: string;
  readonly account: string | null;
}

interface NarrowedPlan {
  readonly options: Pick<Plan['options'], 'paths' | 'targets' | 'excludes' | 'shard'>;
}

/** The bounds on names in a heading. More would hide the rest. */
const MAX_NAMES = 3;
const MAX_LENGTH = 120;

/**
 * Returns the words that tell a job from others.
 *
 * @param show makes text from outside harmless for the place where the heading is shown.
 */
export function jobWords(
  { scope, options }: Pick<Plan, 'scope'> & Partial<NarrowedPlan>,
  { configuration, account }: JobPlace,
  show: (text: string) => string,
): string {
  const { paths = [], targets = [], excludes = [], shard } = options ?? {};
  const names = [...paths, ...targets, ...excludes.map((name) => `not ${name}`)];
  const isShort = names.length <= MAX_NAMES && names.join('').length <= MAX_LENGTH;
  const only = isShort ? names.map(show).join(', ') : `${names.length} paths and names`;
  return given(
    show(scope),
    configuration && `in ${show(configuration)}`,
    account && `account ${show(account)}`,
    shard && `shard ${show(shard)}`,
    names.length > 0 && `only ${only}`,
  ).join(' ');
}
