import type { Plan } from '../../model/plan.ts';

/** Which of several jobs a comment or an issue is of, in the words of its heading. */

export interface JobPlace {
  /** Of the configuration: `''`, `telnyx/eu`, or with its file where that has another name than the usual one. */
  readonly configuration: string;
  readonly account: string | null;
}

/** More would hide the rest of a heading. */
const MAX_NAMES = 3;
const MAX_LENGTH = 120;

/** @param show makes a text from outside harmless where the heading is shown. */
export function jobWords(
  {
    scope,
    options,
  }: { readonly scope: string; readonly options?: Pick<Plan['options'], 'paths' | 'targets' | 'shard'> },
  { configuration, account }: JobPlace,
  show: (text: string) => string,
): string {
  const { paths = [], targets = [], shard } = options ?? {};
  const names = [...paths, ...targets];
  const isShort = names.length <= MAX_NAMES && names.join('').length <= MAX_LENGTH;
  const only = isShort ? names.map(show).join(', ') : `${names.length} paths and names`;
  return [
    show(scope),
    ...(configuration === '' ? [] : [`in ${show(configuration)}`]),
    ...(account === null ? [] : [`account ${show(account)}`]),
    ...(shard === undefined ? [] : [`shard ${show(shard)}`]),
    ...(names.length === 0 ? [] : [`only ${only}`]),
  ].join(' ');
}
