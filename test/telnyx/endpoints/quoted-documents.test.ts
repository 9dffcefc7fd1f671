import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/model/errors.ts';
import { asReference } from '../../../src/model/resource.ts';
import { uploadDocument } from '../../../src/telnyx/endpoints/documents.ts';
import { answering } from '../memory-client.ts';

describe('A refusal of a document', () => {
  it.each([
    ['escaped', Buffer.from('Name:\nErika Mustermann'), 'cannot parse "Name:\\nErika Mustermann"', 'Erika'],
    ['percent-encoded', Buffer.from('Erika Mustermann'), 'bad file Name%20Erika%20Mustermann', 'Mustermann'],
    ['in capitals', Buffer.from('Erika Mustermann'), 'found name ERIKA MUSTERMANN', 'MUSTERMANN'],
    ['from Latin-1', Buffer.from('(Erika Müller)', 'latin1'), 'found name Erika Müller', 'Müller'],
    ['composed', Buffer.from('Erika Müller'.normalize('NFD')), 'found name Erika Müller', 'Müller'],
    ['in escapes', Buffer.from('Müllerstraße'), 'found "M\\u00fcllerstra\\u00dfe"', 'fcllerstra'],
    ['from UTF-16', Buffer.from('Erika Mustermann', 'utf16le'), 'found name Erika Mustermann', 'Mustermann'],
    [
      'glued to others',
      Buffer.from('IBAN DE89370400440532013000'),
      'iban_DE89370400440532013000x',
      '0532013000',
    ],
  ])('shows no word of it that is quoted %s', async (_, bytes, detail, secret) => {
    const details = [{ code: '10015', title: 'Refused', detail, pointer: null }];
    const upload = { reference: asReference('regsync/acme/doc/0'), extension: 'txt', bytes };
    const refusal = uploadDocument(
      answering(() => new ApiError(422, 'POST /documents', details, 'r-1')),
      upload,
    );
    await expect(refusal).rejects.toThrow(/10015/);
    await expect(refusal).rejects.not.toThrow(secret);
  });
});
