import type { RequirementDefinition, RequirementSet } from '../../model/requirements.ts';
import { visible } from '../../model/text/visible.ts';
import { describeRequirement, FIELD_TYPE_WORDS } from '../words/requirement-words.ts';
import { count, given } from '../words/wording.ts';
import type { Paint } from './paint.ts';
import { asParagraph } from './paragraph.ts';
import { wrapToWidth } from './width.ts';

/** The requirements of one country, number type and action, with the manifests that use them. */
export interface Regulation {
  readonly set: RequirementSet;
  /** The names of groups in the repository. */
  readonly groups: readonly string[];
}

export interface TextPage {
  readonly paint: Paint;
  /** The width in columns. */
  readonly width: number;
}

/** Renders requirements for a terminal, each with its name and type before its description. */
export function renderRequirementsText(demands: readonly Regulation[], page: TextPage): string {
  return `${demands.map((one) => setLines(one, page).join('\n')).join('\n\n')}\n`;
}

/** Renders an overview of a country: each combination on a line, with the names of its requirements. */
export function renderCountryText(country: string, demands: readonly Regulation[], page: TextPage): string {
  if (demands.length === 0) return `Telnyx lists nothing for ${country}. ${NOTHING_DEMANDED}\n`;
  const blocks = demands.map(({ set }) => {
    const { countryCode, phoneNumberType, action } = set.combination;
    const names = set.requirements.map(({ name }) => asParagraph(name)).join(' · ');
    return [
      `${page.paint('bold', `${countryCode} ${phoneNumberType} ${action}`)}   ${count(set.requirements.length, 'requirement')}`,
      ...paragraph(names, '  ', page.width),
    ].join('\n');
  });
  const [first] = demands;
  const { phoneNumberType, action } = first?.set.combination ?? { phoneNumberType: '', action: '' };
  return `${blocks.join('\n')}\n\nTo see each in full: regsync explain ${country} ${phoneNumberType} ${action}\n`;
}

function setLines({ set, groups }: Regulation, page: TextPage): string[] {
  const { countryCode, phoneNumberType, action } = set.combination;
  const combination = `${countryCode} ${phoneNumberType} ${action}`;
  const facts = given(
    count(set.requirements.length, 'requirement'),
    set.version !== null && `version ${set.version}`,
    groups.length > 0 && `for ${groups.map(visible).join(', ')}`,
  );
  const [first = '', ...more] = wrapToWidth(facts.join(' · '), page.width - combination.length - 3);
  const indentation = ' '.repeat(combination.length + 3);
  const heading = [
    `${page.paint('bold', combination)}   ${first}`,
    ...more.map((line) => indentation + line),
  ];
  if (set.requirements.length === 0) return [...heading, ...paragraph(NOTHING_DEMANDED, '  ', page.width)];
  return [
    ...heading,
    ...set.requirements.flatMap((definition) => ['', ...requirementLines(definition, page)]),
  ];
}

const NOTHING_DEMANDED =
  'Nothing is demanded, so no group is needed; or Telnyx does not offer such numbers, which its API does not tell apart.';

function requirementLines(definition: RequirementDefinition, page: TextPage): string[] {
  const kind = FIELD_TYPE_WORDS[definition.fieldType];
  const [name = '', ...rest] = wrapToWidth(asParagraph(definition.name), page.width - 2);
  return [
    `  ${page.paint('bold', name)}`,
    ...rest.map((line) => `  ${page.paint('bold', line)}`),
    ...paragraph(`${kind}, ${visible(definition.id)}`, '    ', page.width).map((line) =>
      page.paint('dim', line),
    ),
    ...describeRequirement(definition).flatMap((fact) => paragraph(fact, '    ', page.width)),
  ];
}

function paragraph(text: string, indentation: string, width: number): string[] {
  return wrapToWidth(text, width - indentation.length).map((line) => indentation + line);
}
