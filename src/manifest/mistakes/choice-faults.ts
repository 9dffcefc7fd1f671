import { suggest } from '../../model/text/suggestion.ts';
import { Fault } from '../fault.ts';
import type { Violation } from '../validators.d.ts';
import { quoted } from '../visible.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';

/** Explains a value that is not one of those allowed. */
export function explainEnum(
  { params, parentSchema }: Pick<Violation, 'params' | 'parentSchema'>,
  label: string,
  node: YamlNode,
): Fault {
  const allowed = [params.allowedValues ?? params.allowedValue].flat().map(String);
  const written = String(node.value);
  const meant =
    MEANT.get(written.toLowerCase())?.find((value) => allowed.includes(value)) ?? suggest(written, allowed);
  const quotedAllowed = allowed.map((value) => `"${value}"`).join(', ');
  const isLaterVersion = allowed.includes('regsync/v1') && /^regsync\/v[1-9]\d{0,3}$/.test(written);
  const hint = isLaterVersion
    ? 'This file is for a later version. Update regsync with `npm install --global regsync@latest`, or write "apiVersion: regsync/v1".'
    : meant !== null && allowed.length > 1
      ? `Did you mean "${meant}"?`
      : undefined;
  const rule =
    parentSchema.const === undefined ? `must be one of ${quotedAllowed}` : `must be ${quotedAllowed}`;
  // The value may be quoted, since no key with a list of allowed values is private.
  return new Fault('unknown-value', `${label} ${rule}, not ${quoted(String(node.value))}`, hint);
}

/** The most choices to list in a message. */
export const MAX_CHOICES = 5;

/** The values that users of other programs write in place of ours. */
const MEANT: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    no: ['none'],
    off: ['none'],
    false: ['none'],
    never: ['none'],
    manual: ['none'],
    yes: ['submit'],
    on: ['submit'],
    true: ['submit'],
    auto: ['submit'],
    order: ['ordering'],
    port: ['porting'],
    geographic: ['local'],
    landline: ['local'],
    freephone: ['toll_free'],
    tollfree: ['toll_free'],
  }),
);

/** Explains a `base_url` that is not allowed. Does not repeat the text, which may contain a password. */
export function explainBaseUrl(allowed: readonly string[]): Fault {
  return new Fault(
    'unknown-value',
    `"base_url" must be one of ${allowed.map((url) => `"${url}"`).join(', ')}`,
    'Write one of these. To use another server, set the variable TELNYX_BASE_URL.',
  );
}
