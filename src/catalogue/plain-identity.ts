import type { Problem } from '../model/problem.ts';
import type { RequirementDefinition } from '../model/requirements.ts';
import type { BoundValue } from '../model/resource.ts';

/**
 * Returns a warning if texts are readable in git that say who somebody is: a number of a passport or an
 * identity card, a date of birth, a tax number. The catalogue tells them by its words. One warning names the
 * first such text and the number of the others.
 *
 * @param values the values whose texts were read without a key or a variable, and so are readable in git.
 */
export function warnOfPlainIdentity(values: readonly BoundValue[]): Problem[] {
  const found = values.filter(
    ({ content, requirement }) => content.kind === 'text' && isPersonal(requirement),
  );
  const [first] = [...found].sort(byPlace);
  if (first === undefined) return [];
  const files = new Set(found.map(({ contentSource }) => contentSource.file)).size;
  const others = found.length - 1;
  const more =
    others === 0
      ? ''
      : `, and so ${others === 1 ? 'is 1 more text' : `are ${others} more texts`} of this kind${files === 1 ? '' : ` in ${files} files`}`;
  return [
    {
      severity: 'warning',
      code: 'plaintext-identity',
      message: `the text for "${first.requirement.name}" is readable for everybody who can read the repository${more}`,
      hint: 'Encrypt it: `regsync encrypt -` reads the text and prints the lines to paste in its place.',
      source: first.contentSource,
    },
  ];
}

function byPlace(a: BoundValue, b: BoundValue): number {
  const [own, other] = [a.contentSource, b.contentSource];
  if (own.file !== other.file) return own.file < other.file ? -1 : 1;
  return own.line - other.line;
}

/** Returns true if the name, or else the description, speaks of an identity number, a birth date or a tax number. */
export function isPersonal({
  name,
  description,
  fieldType,
}: Pick<RequirementDefinition, 'name' | 'description' | 'fieldType'>): boolean {
  if (fieldType !== 'textual' && fieldType !== 'datetime') return false;
  return (
    PERSONAL.some((pattern) => pattern.test(name)) || PERSONAL.some((pattern) => pattern.test(description))
  );
}

const PERSONAL: readonly RegExp[] = [
  /\b(?:date|place|day|year) of birth\b|\bbirth ?(?:date|day|place)\b/i,
  /\bpassports?\b/i,
  /\b(?:identity|identification|id)[- ](?:card|document|number|no\b|code)/i,
  /\b(?:national|personal|citizen|resident|foreigner)[a-z' -]{0,24}\b(?:id|identity|identification|number)\b/i,
  /\b(?:tax|fiscal|vat)\b[a-z' -]{0,24}\b(?:id|number|no|code|identifier|identification)\b/i,
  /\bsocial security\b|\bdriv(?:er'?s?|ing) licen[cs]e\b/i,
  /\b(?:NIF|NIE|DNI|CPF|CNPJ|TIN|SSN|PESEL|Codice Fiscale|Partita IVA|Steuernummer|Steuer-ID|USt-Id)\b/i,
];
