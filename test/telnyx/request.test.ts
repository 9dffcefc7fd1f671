import { describe, expect, it } from 'vitest';
import { buildPath, encodeBody, nameRequest, type Request, stringsOf } from '../../src/telnyx/request.ts';

const READ: Request = { method: 'GET', template: '/things/{thing_id}/parts/{id}', repeat: 'safe' };

describe('the path of a request', () => {
  it.each<[Partial<Request>, string]>([
    [{ params: { thing_id: 'a', id: 'b' } }, '/things/a/parts/b'],
    [{ params: { thing_id: 'a/../b?c#d é', id: '...' } }, '/things/a%2F..%2Fb%3Fc%23d%20%C3%A9/parts/...'],
    [{ params: { thing_id: '\ud800', id: 'b' } }, '/things/%EF%BF%BD/parts/b'],
    [{ template: '/things' }, '/things'],
    [{ template: '/things', query: {} }, '/things'],
    [
      { template: '/things', query: { 'filter[a]': 'x&y=z ü', b: 3 } },
      '/things?filter%5Ba%5D=x%26y%3Dz%20%C3%BC&b=3',
    ],
    [{ template: '/things', query: { 'in[]': ['a b', 'c'] } }, '/things?in%5B%5D=a%20b&in%5B%5D=c'],
    [{ template: '/things', query: { 'in[]': [] } }, '/things'],
  ])('is encoded: %j is %s', (given, path) => {
    expect(buildPath({ ...READ, ...given })).toBe(path);
  });

  it.each([{}, { thing_id: '' }, { thing_id: '.' }, { thing_id: '..' }])(
    'is none with %j for its ids',
    (params) => {
      expect(() => buildPath({ ...READ, params: { id: 'b', ...params } })).toThrow(
        new Error('GET /things/{thing_id}/parts/{id}: {thing_id} is missing or cannot stand in a path'),
      );
      expect(() => buildPath({ ...READ, params: undefined })).toThrow('{thing_id} is missing');
    },
  );

  it('is never part of its name', () => {
    expect(nameRequest({ ...READ, params: { id: 'b' } })).toBe('GET /things/{thing_id}/parts/{id}');
  });
});

describe('what a request names', () => {
  it('are its ids, and all texts of its body but those that are public', () => {
    const value = {
      action: 'public',
      comment_record_type: 'public',
      country_code: 'public',
      customer_reference: 'public',
      phone_number_type: 'public',
      regulatory_requirements: [
        { requirement_id: 'public', field_value: 'one' },
        { requirement_type_id: 'public', field_value: 'two' },
      ],
      end_user: { admin: { entity_name: 'three', nothing: null, count: 7, flag: true } },
      tags: ['four'],
    };
    expect(stringsOf({ params: { id: 'a', other: 'b' }, body: { kind: 'json', value } })).toEqual([
      'a',
      'b',
      'one',
      'two',
      'three',
      'four',
    ]);
    expect(stringsOf({ body: { kind: 'json', value: 'text' } })).toEqual(['text']);
    expect(stringsOf({})).toEqual([]);
  });

  it('is nothing of a file: what that says, no mask knows', () => {
    const file = {
      field: 'file',
      filename: 'a.pdf',
      contentType: 'application/pdf',
      bytes: Buffer.from('x'),
    };
    expect(stringsOf({ body: { kind: 'multipart', fields: { a: 'b' }, file } })).toEqual([]);
  });
});

describe('the body of a request', () => {
  it('is JSON in one part', () => {
    expect(encodeBody({ kind: 'json', value: { a: 'é' } })).toEqual({
      contentType: 'application/json',
      parts: [Buffer.from('{"a":"é"}')],
    });
  });

  it('is a file between two parts that frame it, of which no name breaks out of its quotes', () => {
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255]);
    const file = { field: 'f"\r\n', filename: 'a"\r\nb".pdf', contentType: 'application/pdf', bytes };
    const fields = { customer_reference: 'mine/é', 'x"': '' };
    const { contentType, parts } = encodeBody({ kind: 'multipart', fields, file });
    const boundary = contentType.replace('multipart/form-data; boundary=', '');
    expect(boundary).toMatch(/^regsync-[0-9a-f]{36}$/);
    expect(parts[1]).toBe(bytes);
    expect([parts[0], parts[2]].map((part) => part?.toString().replaceAll(boundary, 'B'))).toEqual([
      [
        '--B',
        'content-disposition: form-data; name="customer_reference"',
        '',
        'mine/é',
        '--B',
        'content-disposition: form-data; name="x%22"',
        '',
        '',
        '--B',
        'content-disposition: form-data; name="f%22%0D%0A"; filename="a%22%0D%0Ab%22.pdf"',
        'content-type: application/pdf',
        '',
        '',
      ].join('\r\n'),
      '\r\n--B--\r\n',
    ]);
    expect(encodeBody({ kind: 'multipart', fields, file }).contentType).not.toBe(contentType);
  });
});
