import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({});
  await repository.write(
    'regsync.yaml',
    'apiVersion: regsync/v1\nkind: Config\nscope: acme\nallow_plaintext_documents: true\n',
  );
});
afterEach(() => repository.end());

/** A group that states one requirement. */
function partialGroup(requirement: string, value: string, country = 'DE'): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: office
country_code: ${country}
phone_number_type: local
action: ordering
partial: true
requirements:
  - requirement: ${requirement}
    ${value}
`;
}

async function bodiesTo(path: string): Promise<unknown[]> {
  const requests = await repository.requests();
  return requests
    .filter((request) => request.method !== 'GET' && request.path.startsWith(path))
    .map(({ body }) => body);
}

describe('a value that YAML ends at a "#"', () => {
  const CUT = `${partialGroup(DE_REQUIREMENTS.address, 'address: office')}---
apiVersion: regsync/v1
kind: Address
name: office
business_name: Studio #7
street_address: 100 Main Street #200
locality: Berlin
postal_code: "10117"
country_code: DE   # Germany
`;

  it('ends validate, plan and apply at its line before anything is sent', async () => {
    await repository.write('groups/g.yaml', CUT);
    for (const args of [['validate'], ['plan'], ['apply', '--yes']]) {
      const { code, err, out } = await repository.run(args);
      expect(code, args.join(' ')).toBe(3);
      expect(err).toMatch(/groups\/g\.yaml:15:\d+ {2}cut-off {2}"business_name" ends before "#"/);
      expect(err).toMatch(/groups\/g\.yaml:16:\d+ {2}cut-off {2}"street_address" ends before "#"/);
      expect(err + out).not.toMatch(/Main Street|Studio/);
    }
    expect(await bodiesTo('/')).toEqual([]);
  });

  it('is sent whole once it is in quotes', async () => {
    await repository.write(
      'groups/g.yaml',
      CUT.replace('Studio #7', '"Studio #7"').replace('100 Main Street #200', "'100 Main Street #200'"),
    );
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect(await bodiesTo('/addresses')).toEqual([
      expect.objectContaining({ business_name: 'Studio #7', street_address: '100 Main Street #200' }),
    ]);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

describe('the line ends of a text', () => {
  const TEXT = 'Compliance desk\nExample GmbH\n+49 30 0000000\n';

  it.each([
    ['a file', 'text_from: { file: ../values/contact.txt }'],
    ['a variable', 'text_from: { env: REGSYNC_VAR_CONTACT }'],
  ])('are those of the machine, and take no approval: in %s', async (_place, source) => {
    const group = germanGroup().replace('text: "Compliance desk, Example GmbH"', source);
    await repository.write('groups/g.yaml', group);
    await repository.write('values/contact.txt', TEXT);
    const run = (args: readonly string[], text: string) =>
      repository.run(args, { env: { REGSYNC_VAR_CONTACT: text } });
    expect((await run(['apply', '--yes'], TEXT)).code).toBe(0);
    await repository.control('approve-all', {});

    for (const lineEnd of ['\r\n', '\r']) {
      const text = TEXT.replaceAll('\n', lineEnd);
      await repository.write('values/contact.txt', text);
      const { code, out } = await run(['plan', '--detailed-exitcode'], text);
      expect(out).toContain('No changes.');
      expect(code).toBe(0);
    }
    expect(await heldValue(DE_REQUIREMENTS.contact)).toBe(TEXT.trimEnd());
  });

  it('are LF where they are sent first', async () => {
    await repository.write(
      'groups/g.yaml',
      partialGroup(DE_REQUIREMENTS.contact, 'text_from: { file: ../values/contact.txt }'),
    );
    await repository.write('values/contact.txt', TEXT.replaceAll('\n', '\r\n'));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect(await heldValue(DE_REQUIREMENTS.contact)).toBe(TEXT.trimEnd());
  });

  it('are no difference where Telnyx still holds those of another machine', async () => {
    const group = (text: string) => partialGroup(DE_REQUIREMENTS.contact, `text: "${text}"`);
    await repository.write('groups/g.yaml', group('Example GmbH\\r\\nBerlin'));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect(await heldValue(DE_REQUIREMENTS.contact)).toBe('Example GmbH\r\nBerlin');
    await repository.write('groups/g.yaml', group('Example GmbH\\nBerlin'));
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

async function heldValue(requirementId: string): Promise<string | undefined> {
  const { groups } = await repository.state();
  return groups[0]?.regulatory_requirements.find((own) => own.requirement_id === requirementId)?.field_value;
}

describe('a character that does not show', () => {
  it('is a warning at its line that names it, in validate and in plan', async () => {
    const text = 'Compliance desk\u200b, Example GmbH\u00a0';
    await repository.write('groups/g.yaml', partialGroup(DE_REQUIREMENTS.contact, `text: "${text}"`));
    for (const command of ['validate', 'plan']) {
      const { code, err, out } = await repository.run([command]);
      expect(code).toBe(0);
      expect(err).toMatch(
        /groups\/g\.yaml:10:\d+ {2}hidden-character {2}warning: "text" holds characters that do not show: U\+200B, U\+00A0/,
      );
      expect(err + out).not.toContain('Compliance');
    }
  });
});

describe('a field of an address that is written as a block', () => {
  it('is sent as the one line that its identity is made of, and a tidier manifest is no change', async () => {
    const address = (street: string, extended: string) =>
      `${partialGroup(DE_REQUIREMENTS.address, 'address: long')}---
apiVersion: regsync/v1
kind: Address
name: long
business_name: Example GmbH
street_address: ${street}
extended_address: ${extended}
locality: Berlin
postal_code: "10117"
country_code: DE
`;
    await repository.write(
      'groups/g.yaml',
      address('>\n  Unter den Linden 1,\n  third floor, left', '|\n  Staircase  B\n  Door 12'),
    );
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect(await bodiesTo('/addresses')).toEqual([
      expect.objectContaining({
        street_address: 'Unter den Linden 1, third floor, left',
        extended_address: 'Staircase B Door 12',
      }),
    ]);
    await repository.write(
      'groups/g.yaml',
      address('Unter den Linden 1, third floor, left', 'Staircase B Door 12'),
    );
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

describe('a slip in YAML', () => {
  it.each([
    ['text: {{ tax_id }}', '"{" begins a mapping here', 'in quotes, braces included'],
    [
      'text: > Example GmbH',
      '">" begins a folded block',
      'in quotes if ">" belongs to it. Otherwise begin the',
    ],
    [
      'text: | Example GmbH',
      '"|" begins a block of lines',
      'in quotes if "|" belongs to it. Otherwise begin the',
    ],
    [
      'text: >-Example GmbH',
      '">" begins a folded block',
      'in quotes if ">" belongs to it. Otherwise begin the',
    ],
    [
      "text: 's-Hertogenbosch",
      'the quote that begins here is never closed',
      'the whole value in double quotes',
    ],
    ['text： Example GmbH', 'this is a wide colon, "：" (U+FF1A), in place of ":"', 'Write "key: value".'],
    [
      'text: Contact: desk',
      '": " within this value begins a mapping',
      'Put the whole value in quotes, such as text: "Desk: compliance".',
    ],
    ['text: [Example] GmbH', 'text after the end of the value', 'Put the whole value in quotes.'],
    [
      'document: { file: ../documents/scan #1.pdf }',
      '"#" begins a comment here, which hides the closing bracket or brace',
      'Put the value in quotes if "#…" belongs to it.',
    ],
  ])('is said at its line, with what to do: %s', async (value, message, hint) => {
    await repository.write('groups/g.yaml', partialGroup(DE_REQUIREMENTS.contact, value));
    const { code, err } = await repository.run(['validate']);
    expect(code).toBe(3);
    expect(err).toContain('groups/g.yaml:10:');
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect(err).not.toMatch(/tax_id|Example|Hertogen|desk|scan/);
  });
});

describe('a date', () => {
  const DATE_OF_BIRTH = '51ed1a42-cbd3-47e9-a7f0-5343744874a1';

  it.each([
    '2000-01-31',
    '2000-01-31T09:30',
    '2000-01-31 09:30:00',
    '2000-01-31T09:30:00Z',
    '2000-01-31t09:30:00.5z',
    '2000-01-31T09:30:00.123456+00:00',
    '2000-01-31T23:30:00-0700',
    '2000-01-31T09:30 +02',
  ])('is no change after it was applied, though the API stores it its own way: %s', async (text) => {
    await repository.write('groups/g.yaml', partialGroup(DATE_OF_BIRTH, `text: "${text}"`, 'IT'));
    const applied = await repository.run(['apply', '--yes']);
    expect(applied.code, applied.err).toBe(0);
    expect(await heldValue(DATE_OF_BIRTH)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
    expect(out).toContain('No changes.');
    expect(code).toBe(0);
  });

  it.each(['20000131', '2000-01-31T24', '2000-01-31T09:30:00,5Z'])(
    'in a form that the API may read otherwise is a problem before anything is sent: %s',
    async (text) => {
      await repository.write('groups/g.yaml', partialGroup(DATE_OF_BIRTH, `text: "${text}"`, 'IT'));
      const { code, err } = await repository.run(['apply', '--yes']);
      expect(code).toBe(3);
      expect(err).toContain('not-a-date');
      expect(err).toContain('Write it as 2026-01-31');
      expect(await bodiesTo('/')).toEqual([]);
    },
  );
});

describe('a document whose day has passed', () => {
  const group = (expires: string) =>
    partialGroup(
      DE_REQUIREMENTS.registration,
      `document: { file: ../documents/registration.pdf, expires: ${expires} }`,
    );

  it('is a warning of validate, which makes no plan that could say so', async () => {
    await repository.write('groups/g.yaml', group('2001-01-31'));
    const { code, err } = await repository.run(['validate']);
    expect(code).toBe(0);
    expect(err).toMatch(/groups\/g\.yaml:10:\d+ {2}expired {2}warning: "expires" is in the past/);
    expect(err).toContain('Replace the document by a valid one');
    const plan = await repository.run(['plan']);
    expect(plan.err).not.toContain('is a day in the past');
    expect(plan.out).toContain('2001-01-31');
  });

  it('is none while it lasts', async () => {
    await repository.write('groups/g.yaml', group('2999-01-31'));
    expect((await repository.run(['validate'])).err).not.toContain('in the past');
  });
});
