import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';

const KEY = 'KEY0123_sample';
const GROUP = '4689d4ed-0000-4000-8000-000000000001';
const OTHER_GROUP = '4689d4ed-0000-4000-8000-000000000002';
const ADDRESS = '2473491569332717266';

function redactorWith(holdings: Readonly<Record<string, readonly (Sensitive | string)[]>>): Redactor {
  const redactor = new Redactor();
  redactor.addSecret(new Sensitive(KEY));
  for (const [id, texts] of Object.entries(holdings)) redactor.know(id, texts);
  return redactor;
}

describe('a secret', () => {
  const bytes = Buffer.from(KEY);

  it.each([
    ['as it is', KEY],
    ['in Base64', bytes.toString('base64')],
    ['in Base64 for URLs', bytes.toString('base64url')],
    ['in hex', bytes.toString('hex')],
    ['URL-encoded', encodeURIComponent('KEY0123_sample')],
  ])('is taken out of everything that regsync writes: %s', (_, form) => {
    expect(redactorWith({}).cover(`a ${form} b`)).toBe('a «sensitive» b');
  });

  it('that is learnt later is taken out from then on, and blanks around it do not count', () => {
    const redactor = redactorWith({});
    expect(redactor.cover(`${KEY} token-1`)).toBe('«sensitive» token-1');
    redactor.addSecret(new Sensitive(' token-1\n'));
    expect(redactor.cover(`${KEY} token-1`)).toBe('«sensitive» «sensitive»');
  });

  it('that is empty takes nothing out', () => {
    const redactor = new Redactor();
    redactor.addSecret(new Sensitive('  '));
    expect(redactor.cover('a b')).toBe('a b');
  });

  it('of one character is taken out where it is a word, and leaves other words whole', () => {
    const redactor = new Redactor();
    redactor.addSecret(new Sensitive('7'));
    expect(redactor.cover('field 7 of 17')).toBe('field «sensitive» of 17');
  });

  it('is taken out of an error whatever the error is about', () => {
    expect(redactorWith({}).coverError(`The key ${KEY} is revoked`, [])).toBe(
      'The key «sensitive» is revoked',
    );
  });
});

describe('an error about a request', () => {
  const town = new Sensitive('business');

  it('is redacted by what the object holds that its path names, and by what its body says', () => {
    const redactor = redactorWith({ [GROUP]: [new Sensitive('+49 30 1234567')] });
    expect(redactor.coverError('1234567 is not valid for Jane', [GROUP, 'Jane Roe'])).toBe(
      '«sensitive» is not valid for «sensitive»',
    );
  });

  it('is not redacted by what another object holds', () => {
    const redactor = redactorWith({ [OTHER_GROUP]: [town] });
    expect(redactor.coverError('The business registration is not legible', [GROUP])).toBe(
      'The business registration is not legible',
    );
  });

  it('is redacted by the fields of an address that the group holds', () => {
    const redactor = redactorWith({ [GROUP]: [ADDRESS], [ADDRESS]: [new Sensitive('Beispielweg 1')] });
    expect(redactor.coverError('Beispielweg 1 does not exist', [GROUP])).toBe('«sensitive» does not exist');
  });

  it('shows ids, for they are data', () => {
    const redactor = redactorWith({ [GROUP]: [ADDRESS], [ADDRESS]: [new Sensitive('Beispielweg 1')] });
    const text = `Group ${GROUP} refers to address ${ADDRESS}`;
    expect(redactor.coverError(text, [GROUP, ADDRESS, OTHER_GROUP])).toBe(text);
  });

  it('ends where objects refer to each other', () => {
    const redactor = redactorWith({ [GROUP]: [OTHER_GROUP], [OTHER_GROUP]: [GROUP, town] });
    expect(redactor.coverError('business', [GROUP])).toBe('«sensitive»');
  });
});
