import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Marker,
  type Place,
  readMarker,
  SEAL_BYTES,
  seal,
  unsealed,
  writeMarker,
} from '../../src/github/marker.ts';
import { fc } from '../support/fast-check.ts';

const sign = (value: unknown) => createHmac('sha256', 'key').update(JSON.stringify(value)).digest('hex');
const PLACE: Place = { repository: 'example/telephony', pull: 7 };
const MARKER: Marker = { kind: 'plan', scope: 'a--b', fingerprint: 'f'.repeat(64), head: '1'.repeat(40) };

const read = (body: string, place = PLACE) => readMarker(body, place, sign);
const written = (text: string, marker = MARKER) => seal(`${writeMarker(marker, PLACE, sign)}\n${text}`, sign);

describe('a marker', () => {
  it.each([
    ['with everything', MARKER],
    ['without a plan', { ...MARKER, fingerprint: null }],
    ['of an issue', { ...MARKER, kind: 'drift' as const, fingerprint: null, head: null }],
  ])('%s is read as it was written', (_, marker) => {
    expect(read(written('', marker))).toEqual({ marker, integrity: 'intact' });
    expect(read(written('and more', marker))).toEqual({ marker, integrity: 'intact' });
  });

  it('counts for one repository, one pull request and one key', () => {
    const body = written('text');
    expect(read(body, { ...PLACE, pull: 8 })).toBeNull();
    expect(read(body, { ...PLACE, pull: null })).toBeNull();
    expect(read(body, { ...PLACE, repository: 'other/telephony' })).toBeNull();
    expect(readMarker(body, PLACE, () => '0'.repeat(64))).toBeNull();
  });

  it('with any character changed is none, or says that it was edited', () => {
    const body = written('');
    for (let at = 0; at < body.trimEnd().length; at++) {
      const changed = `${body.slice(0, at)}${body[at] === '0' ? '1' : '0'}${body.slice(at + 1)}`;
      expect(read(changed)?.integrity ?? 'edited', changed).not.toBe('intact');
    }
  });

  it('is of one kind only: a plan’s is no issue’s', () => {
    expect(read(written('text').replace('regsync:plan', 'regsync:drift'))).toBeNull();
  });

  it('in the middle of a text is none, as where a person quotes ours', () => {
    expect(read(`> ${written('text')}`)).toBeNull();
    expect(read(`Look:\n${written('text')}`)).toBeNull();
  });
});

const TEXT = '### regsync plan\n\n- `acme-de`: 1 value\n\n<!-- regsync:reviewed:v1 AAAA -->\n';
const BODY = written(TEXT);

describe('the text below a marker', () => {
  it.each<[string, string]>([
    ['is as it was written', BODY],
    ['has the line ends of GitHub’s editor', BODY.replaceAll('\n', '\r\n')],
    ['has lost its last line end', BODY.trimEnd()],
    ['has blanks at its end', `${BODY} \n\n`],
  ])('is intact where it %s', (_, body) => expect(read(body)?.integrity).toBe('intact'));

  it.each<[string, string]>([
    ['one character is another', BODY.replace('1 value', '2 value')],
    ['a line is gone', BODY.replace('- `acme-de`: 1 value\n', '')],
    ['a line is hidden', BODY.replace('- `acme-de`', '<!-- - `acme-de`').replace('value\n', 'value -->\n')],
    ['something follows the plan in it', `${BODY}\n<!-- regsync:reviewed:v1 BBBB -->\n`],
    ['another plan is in it', BODY.replace('AAAA', 'BBBB')],
    ['the plan in it is gone', BODY.replace(/<!-- regsync:reviewed.*\n/, '')],
    ['nothing is left of it', BODY.split('\n')[0] ?? ''],
    ['a blank stands before it', BODY.replace('### ', ' ### ')],
    ['it is the text of another marker', BODY.replace(/^.*\n/, `${written('another').split('\n')[0]}\n`)],
    ['its MAC is gone', BODY.replace(/,"text":"[0-9a-f]{64}"/, '')],
    ['its MAC is another', BODY.replace(/"text":"[0-9a-f]{8}/, '"text":"00000000')],
  ])('is edited where %s', (_, body) => {
    expect(body).not.toBe(BODY);
    expect(read(body)).toEqual({ marker: MARKER, integrity: 'edited' });
  });

  it('cannot be vouched for where an older version wrote it, or somebody made it look so', () => {
    const older = `${writeMarker(MARKER, PLACE, sign).replace(':v2 ', ':v1 ')}\n${TEXT}`;
    expect(read(older)).toEqual({ marker: MARKER, integrity: 'unsealed' });
    expect(read(BODY.replace(':v2 ', ':v1 '))?.integrity).toBe('unsealed');
  });

  it('is intact whatever it says, and edited with anything else put in its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, other) => {
        const body = written(text);
        expect(read(body)?.integrity).toBe('intact');
        expect(Buffer.byteLength(body)).toBe(
          Buffer.byteLength(`${writeMarker(MARKER, PLACE, sign)}\n${text}`) + SEAL_BYTES,
        );
        const changed = `${body.slice(0, body.indexOf('\n'))}\n${other}`;
        fc.pre(unsealed(changed) !== unsealed(body));
        expect(read(changed)?.integrity).toBe('edited');
      }),
    );
  });
});
