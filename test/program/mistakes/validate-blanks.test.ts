import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { germanGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

describe('a blank', () => {
  it('is shown at its place with what to do about it', async () => {
    await repository.write('groups/de.yaml', germanGroup({ contact: '' }));
    const { code, err } = await repository.run(['validate']);
    expect(code).toBe(3);
    expect(err).toContain(`groups/de.yaml:9:11  empty-value  "text" must not be empty
        text: ""
              ^
    Write the value: \`regsync explain\` describes it.
`);
  });

  it.each([
    ['file: ../documents/registration.pdf', 'file: ""', '"file" must not be empty', 'the path of a file'],
    ['business_name: Example GmbH', 'business_name: ""', '"business_name" must', 'first_name and last_name'],
    ['postal_code: "10115"', 'postal_code: ""', '"postal_code" must not be empty', 'remove this line'],
    ['requirement: Contact Info', 'requirement: ""', '"requirement" must not be empty', 'the name or the id'],
  ])('in place of "%s" is a problem', async (written, blank, message, hint) => {
    await repository.write('groups/de.yaml', germanGroup().replace(written, blank));
    const { code, err } = await repository.run(['validate', 'groups/de.yaml']);
    expect(code).toBe(3);
    expect(err).toContain(message);
    expect(err).toContain(hint);
    expect(err).not.toContain('unknown-path');
  });

  it('does not hide a path that really holds nothing', async () => {
    await repository.write('groups/de.yaml', germanGroup({ contact: '' }));
    const { err } = await repository.run(['validate', 'groups/de.yaml', 'documents']);
    expect(err).toContain(' "documents"');
  });
});
