import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/server.ts';
import {
  addFrenchGroup,
  type Connection,
  codesOf,
  connect,
  FRENCH,
  PROOF_OF_ADDRESS,
  pdf,
  upload,
  value,
} from './connection.ts';

/** Two line breaks and dashes that are no boundary are part of the file. */
const FORM =
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n' +
  '%PDF-1\r\n--y\r\n\r\n--x--\r\n';

describe('uploading', () => {
  test('a file in Base64 is stored with its digest, size and type', async () => {
    const { api } = await connect();
    const file = pdf('sample');
    const bytes = Buffer.from(file, 'base64');
    const { status, body } = await api('POST', '/documents', {
      file,
      filename: 'document.pdf',
      customer_reference: 'MY REF 001',
    });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      record_type: 'document',
      filename: 'document.pdf',
      customer_reference: 'MY REF 001',
      content_type: 'application/pdf',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      size: { unit: 'bytes', amount: bytes.length },
      status: 'pending',
      av_scan_status: 'pending_scan',
    });
  });

  test('a file in a form is stored alike', async () => {
    const connection = await connect();
    const form = new FormData();
    form.append('file', new Blob([Buffer.from(pdf('sample'), 'base64')]), 'scan of document.pdf');
    form.append('customer_reference', 'MY REF 002');
    const { status, body } = await postForm(connection, form);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      filename: 'scanofdocument.pdf',
      customer_reference: 'MY REF 002',
      content_type: 'application/pdf',
    });
  });

  test('a form without a file is refused', async () => {
    const connection = await connect();
    const form = new FormData();
    form.append('customer_reference', 'MY REF 002');
    expect((await postForm(connection, form)).status).toBe(422);
  });

  test.each([
    ['without a boundary', 'multipart/form-data', '--x\r\n\r\n\r\n--x--'],
    ['with another boundary', 'multipart/form-data; boundary=y', FORM],
    ['that is cut off', 'multipart/form-data; boundary=x', FORM.slice(0, -8)],
    ['with a part of no name', 'multipart/form-data; boundary=x', FORM.replace('name="file"; ', '')],
    ['that is empty', 'multipart/form-data; boundary=x', ''],
  ])('a form %s cannot be read', async (_, contentType, form) => {
    expect(await postBytes(await connect(), contentType, form)).toMatchObject({
      status: 400,
      body: { errors: [{ detail: 'The form cannot be read.' }] },
    });
  });

  test('a form is read whatever its boundary is quoted with, and however names are written', async () => {
    const form = FORM.replaceAll('Content-Disposition', 'content-disposition').replace('a.pdf', 'a%22b.pdf');
    expect(await postBytes(await connect(), 'multipart/form-data; boundary="x"', form)).toMatchObject({
      status: 200,
      body: { data: { filename: 'a"b.pdf', size: { amount: 13 } } },
    });
  });

  test('an address to fetch from is refused: the sandbox does not fetch', async () => {
    const { api } = await connect();
    const { status, body } = await api('POST', '/documents', { url: 'https://example.com/document.pdf' });
    expect(status).toBe(422);
    expect(body.errors[0].detail).toContain('does not fetch');
  });

  test.each([
    ['spaces go', 'my document.pdf', 'mydocument.pdf'],
    ['the extension of the content is appended', 'document', 'document.pdf'],
    ['also to another extension', 'image.png', 'image.png.pdf'],
    ['but not where it stands, in capitals or not', 'document.PDF', 'document.PDF'],
  ])('file names: %s', async (_, filename, stored) => {
    const { api } = await connect();
    const { body } = await api('POST', '/documents', { file: pdf('sample'), filename });
    expect(body.data.filename).toBe(stored);
  });

  const zip = (folder: string): Buffer =>
    Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.from(folder)]);
  const ole = (stream: string): Buffer =>
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from(stream, 'utf16le')]);

  test.each([
    ['image/png', '.png', Buffer.from('89504e470d0a1a0a00', 'hex')],
    ['image/jpeg', '.jpg', Buffer.from('ffd8ffe000', 'hex')],
    ['application/msword', '.doc', ole('WordDocument')],
    ['application/vnd.ms-excel', '.xls', ole('Workbook')],
    [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      '.docx',
      zip('word/document.xml'),
    ],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', '.xlsx', zip('xl/workbook.xml')],
    ['application/json', '.json', Buffer.from('{"sample": true}')],
    ['text/csv', '.csv', Buffer.from('name,city\nExample GmbH,Berlin\n')],
    ['text/plain', '.txt', Buffer.from('Beispielweg 1, 10117 Berlin')],
  ])('%s is recognised by its content', async (contentType, extension, bytes) => {
    const { api } = await connect();
    const { body } = await api('POST', '/documents', { file: bytes.toString('base64'), filename: 'sample' });
    expect(body.data).toMatchObject({ content_type: contentType, filename: `sample${extension}` });
  });

  test.each([
    ['as in the guide', '/documents', {}],
    ['with an empty one', '/documents', { filename: '' }],
    ['by official clients, which ask for a form and send JSON', '/documents?content-type=multipart', {}],
  ])('Base64 needs no name: %s', async (_, path, fields) => {
    const { api } = await connect();
    const { status, body } = await api('POST', path, { file: pdf('sample'), ...fields });
    expect([status, body.data.filename]).toEqual([200, 'document.pdf']);
  });

  test.each([
    ['an empty file', { file: '', filename: 'a.pdf' }],
    ['an archive', { file: zip('other/').toString('base64'), filename: 'a.pdf' }],
    ['unknown bytes', { file: Buffer.from([1, 0, 2]).toString('base64'), filename: 'a.pdf' }],
    ['bytes that are not Base64', { file: '§§§', filename: 'a.pdf' }],
    ['a name with control characters', { file: pdf('sample'), filename: 'a\u0007.pdf' }],
    ['a name that is too long', { file: pdf('sample'), filename: 'a'.repeat(513) }],
    ['no file at all', { filename: 'a.pdf' }],
  ])('%s is refused', async (_, body) => {
    const { api } = await connect();
    expect((await api('POST', '/documents', body)).status).toBe(422);
  });

  test('20,000,000 bytes are allowed, one more is not', async () => {
    const connection = await connect();
    const sized = (bytes: number): FormData => {
      const form = new FormData();
      form.append('file', new Blob([Buffer.concat([Buffer.from('%PDF-1.4\n')], bytes)]), 'large.pdf');
      return form;
    };
    expect((await postForm(connection, sized(20_000_000))).status).toBe(200);
    expect((await postForm(connection, sized(20_000_001))).status).toBe(422);
  });

  test('the same bytes again make another document', async () => {
    const connection = await connect();
    expect(await upload(connection)).not.toBe(await upload(connection));
  });

  test('by quirk no digest is answered', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { documents_sha256: false });
    const { body } = await connection.api('GET', `/documents/${await upload(connection)}`);
    expect(body.data).not.toHaveProperty('sha256');
  });
});

describe('scanning', () => {
  test('a document is scanned at the next request', async () => {
    const connection = await connect();
    const { body } = await connection.api('GET', `/documents/${await upload(connection)}`);
    expect(body.data).toMatchObject({ status: 'pending', av_scan_status: 'scanned' });
  });

  test('the scan can take its time on the clock of the sandbox', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { scan_delay_seconds: 60 });
    const id = await upload(connection);
    const scanOf = async (): Promise<string> =>
      (await connection.api('GET', `/documents/${id}`)).body.data.av_scan_status;
    expect(await scanOf()).toBe('pending_scan');
    await connection.control('POST', '/clock', { advance_seconds: 61 });
    expect(await scanOf()).toBe('scanned');
  });

  test('control decides otherwise: infected, denied, verified', async () => {
    const connection = await connect();
    const id = await upload(connection);
    const judged = async (verb: string, body?: object): Promise<string[]> => {
      await connection.control('POST', `/documents/${id}/${verb}`, body);
      const { data } = (await connection.api('GET', `/documents/${id}`)).body;
      return [data.status, data.av_scan_status];
    };
    expect(await judged('verify')).toEqual(['verified', 'scanned']);
    expect(await judged('deny')).toEqual(['denied', 'scanned']);
    expect(await judged('scan', { result: 'not_scanned' })).toEqual(['denied', 'not_scanned']);
    expect(await judged('scan', { result: 'infected' })).toEqual(['denied', 'infected']);
  });
});

describe('the 30 minutes of unlinked documents', () => {
  const MINUTES = 60;

  async function isAlive({ api }: Connection, id: string): Promise<boolean> {
    return (await api('GET', `/documents/${id}`)).status === 200;
  }

  async function advance({ control }: Connection, seconds: number): Promise<void> {
    await control('POST', '/clock', { advance_seconds: seconds });
  }

  test('nothing links it: it is gone after 30 minutes', async () => {
    const connection = await connect();
    const id = await upload(connection);
    await advance(connection, 29 * MINUTES);
    expect(await isAlive(connection, id)).toBe(true);
    await advance(connection, 1 * MINUTES);
    expect(await isAlive(connection, id)).toBe(false);
    expect(await codesOf(connection.api('GET', `/documents/${id}/download`))).toEqual([404, '10005']);
  });

  test("a group's value links it: it stays", async () => {
    const connection = await connect();
    await addFrenchGroup(connection);
    await advance(connection, 600 * MINUTES);
    expect((await connection.api('GET', '/documents')).body.meta.total_results).toBe(1);
  });

  test.each([
    ['its value is replaced', 'replace'],
    ['its group is deleted', 'delete'],
  ])('the time starts again when %s', async (_, how) => {
    const connection = await connect();
    const groupId = await addFrenchGroup(connection);
    const { body } = await connection.api('GET', `/requirement_groups/${groupId}`);
    const documentId: string = body.data.regulatory_requirements[0].field_value;
    await advance(connection, 600 * MINUTES);
    if (how === 'delete') await connection.api('DELETE', `/requirement_groups/${groupId}`);
    else {
      await connection.api('PATCH', `/requirement_groups/${groupId}`, {
        regulatory_requirements: [value(PROOF_OF_ADDRESS, await upload(connection, 'other'))],
      });
    }
    await advance(connection, 29 * MINUTES);
    expect(await isAlive(connection, documentId)).toBe(true);
    await advance(connection, 1 * MINUTES);
    expect(await isAlive(connection, documentId)).toBe(false);
  });

  test('a document in two groups needs to lose both links', async () => {
    const connection = await connect();
    const documentId = await upload(connection);
    const body = { ...FRENCH, regulatory_requirements: [value(PROOF_OF_ADDRESS, documentId)] };
    const first = await connection.api('POST', '/requirement_groups', body);
    await connection.api('POST', '/requirement_groups', body);
    await connection.api('DELETE', `/requirement_groups/${first.body.data.id}`);
    await advance(connection, 600 * MINUTES);
    expect(await isAlive(connection, documentId)).toBe(true);
  });
});

describe('links', () => {
  test("a group's document value makes a link, listed with its group", async () => {
    const connection = await connect();
    const groupId = await addFrenchGroup(connection);
    await addFrenchGroup(connection);
    const path = '/document_links?filter[linked_record_type]=requirement_group';
    const { body } = await connection.api('GET', `${path}&filter[linked_resource_id]=${groupId}`);
    expect(body.data).toMatchObject([
      { record_type: 'document_link', linked_record_type: 'requirement_group', linked_resource_id: groupId },
    ]);
    expect((await connection.api('GET', path)).body.meta.total_results).toBe(2);
  });

  test('a linked document cannot be deleted, an unlinked one can', async () => {
    const connection = await connect();
    const groupId = await addFrenchGroup(connection);
    const [document] = (await connection.api('GET', '/documents')).body.data;
    const path = `/documents/${document.id}`;
    expect(await codesOf(connection.api('DELETE', path))).toEqual([422, '10021']);
    await connection.api('DELETE', `/requirement_groups/${groupId}`);
    const { status, body } = await connection.api('DELETE', path);
    expect([status, body.data.id]).toEqual([200, document.id]);
    expect(await codesOf(connection.api('GET', path))).toEqual([404, '10005']);
  });

  test('control makes a document vanish even so, and the value points at nothing', async () => {
    const connection = await connect();
    const groupId = await addFrenchGroup(connection);
    const [document] = (await connection.api('GET', '/documents')).body.data;
    await connection.control('DELETE', `/documents/${document.id}`);
    expect((await connection.api('GET', `/documents/${document.id}`)).status).toBe(404);
    const { body } = await connection.api('GET', `/requirement_groups/${groupId}`);
    expect(body.data.regulatory_requirements[0].field_value).toBe(document.id);
    expect((await connection.api('GET', '/document_links')).body.data).toEqual([]);
  });
});

test('a PATCH changes name and reference, and nothing else', async () => {
  const connection = await connect();
  const id = await upload(connection);
  const { body } = await connection.api('PATCH', `/documents/${id}`, {
    filename: 'another name',
    customer_reference: 'renamed',
    sha256: 'forged',
    status: 'verified',
  });
  expect(body.data).toMatchObject({
    filename: 'anothername.pdf',
    customer_reference: 'renamed',
    status: 'pending',
  });
  expect(body.data.sha256).not.toBe('forged');
});

test('the bytes come back as they were sent, directly and by a link that needs no key', async () => {
  const { sandbox, api } = await connect();
  const bytes = Buffer.from('ffd8ff00fe8020', 'hex');
  const created = await api('POST', '/documents', { file: bytes.toString('base64'), filename: 'photo' });
  const { id } = created.body.data;
  const direct = await fetch(`${sandbox.url}/documents/${id}/download`, {
    headers: { authorization: `Bearer ${SANDBOX_KEY}` },
  });
  expect(direct.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await direct.arrayBuffer())).toEqual(bytes);

  const { body } = await api('GET', `/documents/${id}/download_link`);
  const signed = await fetch(body.data.url);
  expect(Buffer.from(await signed.arrayBuffer())).toEqual(bytes);
  expect((await fetch(`${body.data.url}0`)).status).not.toBe(200);
});

describe('listing', () => {
  test('every filter of the vendor narrows the list', async () => {
    const connection = await connect({ startAtMs: Date.parse('2026-01-01T00:00:00Z') });
    const one = await upload(connection, 'one', 'REF 1');
    await connection.control('POST', '/clock', { advance_seconds: 60 });
    const two = await upload(connection, 'two', 'REF 2');
    await connection.api('PATCH', `/documents/${two}`, { filename: 'invoice.pdf' });
    const found = async (query: string): Promise<string[]> => {
      const { body } = await connection.api('GET', `/documents?${query}`);
      return body.data.map(({ id }: { id: string }) => id);
    };
    expect(await found('')).toEqual([two, one]);
    expect(await found('filter[filename][contains]=INVOICE')).toEqual([two]);
    expect(await found('filter[customer_reference][eq]=REF 1')).toEqual([one]);
    expect(
      await found('filter[customer_reference][in][]=REF 1&filter[customer_reference][in][]=REF 2'),
    ).toEqual([two, one]);
    expect(await found('filter[customer_reference][in]=REF 1,REF 2')).toEqual([two, one]);
    expect(await found('filter[created_at][gt]=2026-01-01T00:00:30Z')).toEqual([two]);
    expect(await found('filter[created_at][lt]=2026-01-01T00:00:30Z')).toEqual([one]);
  });

  test('sort[] and a comma-joined sort mean the same', async () => {
    const connection = await connect();
    for (const name of ['b', 'a', 'c']) await upload(connection, name, name);
    const sorted = async (query: string): Promise<string[]> => {
      const { body } = await connection.api('GET', `/documents?${query}`);
      return body.data.map(({ customer_reference }: { customer_reference: string }) => customer_reference);
    };
    expect(await sorted('sort[]=filename&sort[]=created_at')).toEqual(['b', 'a', 'c']);
    expect(await sorted('sort=filename,-created_at')).toEqual(['c', 'a', 'b']);
    expect(await codesOf(connection.api('GET', '/documents?sort=size'))).toEqual([422, '10032']);
  });
});

async function postForm(connection: Connection, form: FormData) {
  return post(connection, form);
}

async function postBytes(connection: Connection, contentType: string, form: string) {
  return post(connection, form, { 'content-type': contentType });
}

async function post({ sandbox }: Connection, body: FormData | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${sandbox.url}/documents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SANDBOX_KEY}`, ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as { data: object } };
}
