import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Claim,
  isSameTopic,
  type Marker,
  type Place,
  readClaim,
  readMarker,
  SEAL_BYTES,
  seal,
  type Topic,
  unsealed,
  writeMarker,
  writeWithdrawn,
} from '../../src/forge/marker.ts';
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
    ['of a part of a configuration', { ...MARKER, configuration: 'c0ffee', part: 'de' }],
    ['of a refused plan', { ...MARKER, fresh: 'e'.repeat(64) }],
    ['of a plan in an artifact', { ...MARKER, artifact: { name: 'plan', sha256: 'd'.repeat(64) } }],
    ['of an issue', { ...MARKER, kind: 'drift' as const, fingerprint: null, head: null }],
  ])('%s is read as it was written', (_, marker) => {
    expect(read(written('', marker))).toEqual({ marker, integrity: 'intact' });
    expect(read(written('and more', marker))).toEqual({ marker, integrity: 'intact' });
  });

  it.each([
    { configuration: 'x' },
    { part: 'x' },
    { fresh: 'x' },
    { configuration: 'x', part: 'y' },
    { artifact: { name: 'plan', sha256: 'd' } },
  ])('counts for nothing else once %j was put into it', (given) => {
    const { mac, ...fields } = JSON.parse(written('').match(/\{.*\}/)?.[0] ?? '');
    const line = `<!-- regsync:plan:v2 ${JSON.stringify({ ...fields, ...given, mac })} -->`;
    expect(read(line)).toBeNull();
  });

  it('of one part is not that of another, nor that of a configuration', () => {
    const artifact = { name: 'x', sha256: 'x' };
    const given: readonly Partial<Marker>[] = [
      {},
      { configuration: 'x' },
      { part: 'x' },
      { fresh: 'x' },
      { artifact },
      { artifact: { ...artifact, name: 'y' } },
      { artifact: { ...artifact, sha256: 'y' } },
    ];
    const macs = given.map(
      (fields) => JSON.parse(written('', { ...MARKER, ...fields }).match(/\{.*\}/)?.[0] ?? '').mac,
    );
    expect(new Set(macs).size).toBe(given.length);
  });

  it.each<[boolean, Topic]>([
    [true, { scope: 'acme', configuration: 'c0ffee', part: 'de' }],
    [false, { scope: 'other', configuration: 'c0ffee', part: 'de' }],
    [false, { scope: 'acme', configuration: 'c0ffed', part: 'de' }],
    [false, { scope: 'acme', part: 'de' }],
    [false, { scope: 'acme', configuration: 'c0ffee', part: 'fr' }],
    [false, { scope: 'acme', configuration: 'c0ffee' }],
  ])('is about the same: %s for %j', (isSame, topic) => {
    expect(isSameTopic({ scope: 'acme', configuration: 'c0ffee', part: 'de' }, topic)).toBe(isSame);
  });

  it.each<[string, () => string, Claim | null]>([
    [
      'a plan',
      () => written('text', { ...MARKER, part: 'de' }),
      { kind: 'plan', topic: { scope: 'a--b', part: 'de' } },
    ],
    [
      'an issue',
      () => '<!-- regsync:drift:v1 {"scope":"acme","mac":"x"} -->',
      { kind: 'drift', topic: { scope: 'acme' } },
    ],
    [
      'a plan that was withdrawn',
      () => `${writeWithdrawn({ scope: 'acme', configuration: 'c0ffee' })}\r\ntext`,
      { kind: 'withdrawn', topic: { scope: 'acme', configuration: 'c0ffee' } },
    ],
    ['nothing without a scope', () => '<!-- regsync:plan:v2 {"part":"de"} -->', null],
    ['nothing that is no JSON', () => '<!-- regsync:plan:v2 {scope} -->', null],
    ['nothing on a later line', () => `Look:\n${writeWithdrawn({ scope: 'acme' })}`, null],
    ['nothing of another kind', () => '<!-- regsync:reviewed:v1 {"scope":"acme"} -->', null],
    [
      'of the whole where its part is a number',
      () => '<!-- regsync:plan:v2 {"scope":"acme","configuration":1,"part":2} -->',
      { kind: 'plan', topic: { scope: 'acme' } },
    ],
  ])('claims, without a key, to be %s', (_, body, claim) => {
    expect(readClaim(body())).toEqual(claim);
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
/** Made in the test: a marker that cannot be written fails it, not the whole file. */
const bodyOfText = () => written(TEXT);

describe('line 1', () => {
  const bodyOf = (fields: Readonly<Record<string, unknown>>, kind = 'plan') =>
    `<!-- regsync:${kind}:v1 ${JSON.stringify(fields)} -->\ntext`;
  const macOf = (value: readonly unknown[]) => sign(['regsync marker', ...value]);

  it('says what is there, signed with the place where it counts', () => {
    const mac = macOf(['plan', 'example/telephony', 7, 'a--b', MARKER.fingerprint, MARKER.head]);
    expect(writeMarker(MARKER, PLACE, sign)).toBe(
      `<!-- regsync:plan:v2 {"scope":"a--b","fingerprint":"${MARKER.fingerprint}","head":"${MARKER.head}","mac":"${mac}"} -->`,
    );
    const drift: Marker = { kind: 'drift', scope: 'acme', fingerprint: null, head: null };
    const place = { ...PLACE, pull: null };
    const bare = macOf(['drift', 'example/telephony', null, 'acme', null, null]);
    expect(writeMarker(drift, place, sign)).toBe(
      `<!-- regsync:drift:v2 {"scope":"acme","mac":"${bare}"} -->`,
    );
  });

  it('gets the MAC of the text, which covers all but itself', () => {
    const line = writeMarker(MARKER, PLACE, sign);
    const text = sign(['regsync text', `${line}\nand more`]);
    expect(seal(`${line}\nand more\r\n`, sign)).toBe(
      `${line.replace('"} -->', `","text":"${text}"} -->`)}\nand more\r\n`,
    );
    expect(unsealed(seal(`${line}\r\nand\r\nmore \n`, sign))).toBe(`${line}\nand\nmore`);
  });

  /** Signed as it stands, so that nothing but its form can be wrong. */
  it.each<[string, Readonly<Record<string, unknown>>, readonly unknown[], string?]>([
    ['a number for a scope', { scope: 1 }, ['plan', 'example/telephony', 7, 1, null, null]],
    ['no scope', {}, ['plan', 'example/telephony', 7, undefined, null, null]],
    [
      'a number for a fingerprint',
      { scope: 'a', fingerprint: 1 },
      ['plan', 'example/telephony', 7, 'a', 1, null],
    ],
    ['a number for a head', { scope: 'a', head: 1 }, ['plan', 'example/telephony', 7, 'a', null, 1]],
    ['another kind', { scope: 'a' }, ['other', 'example/telephony', 7, 'a', null, null], 'other'],
  ])('with %s is none, though it is signed', (_, fields, signed, kind) => {
    expect(read(bodyOf({ ...fields, mac: macOf(signed) }, kind))).toBeNull();
  });

  it('of the same form that is right is one', () => {
    const mac = macOf(['plan', 'example/telephony', 7, 'a', null, null]);
    const marker = { kind: 'plan', scope: 'a', fingerprint: null, head: null };
    expect(read(bodyOf({ scope: 'a', mac }))).toEqual({ marker, integrity: 'unsealed' });
    expect(read(bodyOf({ scope: 'a', fingerprint: null, head: null, mac }))).toEqual({
      marker,
      integrity: 'unsealed',
    });
  });

  it.each(['1', 'null', 'undefined', '""', `"${'0'.repeat(63)}"`])('with the MAC %s is none', (mac) => {
    expect(read(bodyOf({ scope: 'a' }).replace('"}', `","mac":${mac}}`))).toBeNull();
  });

  it.each<[string, (body: string) => string]>([
    ['is no JSON', (body) => body.replace('{"scope"', '{scope"')],
    ['goes on behind the marker', (body) => body.replace(' -->', ' --> more')],
    ['has a version that is not known', (body) => body.replace(':v2 ', ':v3 ')],
    ['is nothing', () => ''],
  ])('that %s is none', (_, change) => expect(read(change(bodyOfText()))).toBeNull());

  it.each<[string, unknown]>([
    ['a plan that is a number', { fresh: 1 }],
    ['an artifact that is null', { artifact: null }],
    ['an artifact that is a text', { artifact: 'plan' }],
    ['an artifact without a digest', { artifact: { name: 'plan' } }],
    ['an artifact without a name', { artifact: { sha256: 'd' } }],
    ['an artifact whose name is a number', { artifact: { name: 1, sha256: 'd' } }],
    ['an artifact whose digest is a number', { artifact: { name: 'plan', sha256: 1 } }],
  ])('with %s is read without it', (_, given) => {
    const mac = macOf(['plan', 'example/telephony', 7, 'a', null, null]);
    const body = bodyOf({ scope: 'a', ...(given as object), mac });
    expect(read(body)?.marker).toEqual({ kind: 'plan', scope: 'a', fingerprint: null, head: null });
  });

  it('is a marker with nothing below it', () => {
    const line = seal(writeMarker(MARKER, PLACE, sign), sign);
    expect(read(line)).toEqual({ marker: MARKER, integrity: 'intact' });
    expect(read(`${line}\r`)?.marker).toEqual(MARKER);
  });

  it('that holds a line which looks sealed further down is sealed by its own alone', () => {
    const inner = written('another');
    const body = written(`Somebody quotes:\n${inner}`);
    expect(read(body)).toEqual({ marker: MARKER, integrity: 'intact' });
    expect(unsealed(`text\n${inner}`)).toBe(`text\n${inner}`);
  });

  it('of more than a thousand characters is none', () => {
    const long = (length: number): Marker => ({
      kind: 'plan',
      scope: 'a'.repeat(length),
      fingerprint: null,
      head: null,
    });
    const rest = writeMarker(long(0), PLACE, sign).length - '<!-- regsync:plan:v2 {} -->'.length;
    expect(read(writeMarker(long(1000 - rest), PLACE, sign))?.marker).toEqual(long(1000 - rest));
    expect(read(writeMarker(long(1001 - rest), PLACE, sign))).toBeNull();
  });
});

describe('the text below a marker', () => {
  it.each<[string, (body: string) => string]>([
    ['is as it was written', (body) => body],
    ['has the line ends of GitHub’s editor', (body) => body.replaceAll('\n', '\r\n')],
    ['has lost its last line end', (body) => body.trimEnd()],
    ['has blanks at its end', (body) => `${body} \n\n`],
  ])('is intact where it %s', (_, change) => expect(read(change(bodyOfText()))?.integrity).toBe('intact'));

  it.each<[string, (body: string) => string]>([
    ['one character is another', (body) => body.replace('1 value', '2 value')],
    ['a line is gone', (body) => body.replace('- `acme-de`: 1 value\n', '')],
    [
      'a line is hidden',
      (body) => body.replace('- `acme-de`', '<!-- - `acme-de`').replace('value\n', 'value -->\n'),
    ],
    ['something follows the plan in it', (body) => `${body}\n<!-- regsync:reviewed:v1 BBBB -->\n`],
    ['another plan is in it', (body) => body.replace('AAAA', 'BBBB')],
    ['the plan in it is gone', (body) => body.replace(/<!-- regsync:reviewed.*\n/, '')],
    ['nothing is left of it', (body) => body.split('\n')[0] ?? ''],
    ['a blank stands before it', (body) => body.replace('### ', ' ### ')],
    [
      'it is the text of another marker',
      (body) => body.replace(/^.*\n/, `${written('another').split('\n')[0]}\n`),
    ],
    ['its MAC is gone', (body) => body.replace(/,"text":"[0-9a-f]{64}"/, '')],
    ['its MAC is another', (body) => body.replace(/"text":"[0-9a-f]{8}/, '"text":"00000000')],
  ])('is edited where %s', (_, change) => {
    const body = bodyOfText();
    expect(change(body)).not.toBe(body);
    expect(read(change(body))).toEqual({ marker: MARKER, integrity: 'edited' });
  });

  it('cannot be vouched for where an older version wrote it, or somebody made it look so', () => {
    const older = `${writeMarker(MARKER, PLACE, sign).replace(':v2 ', ':v1 ')}\n${TEXT}`;
    expect(read(older)).toEqual({ marker: MARKER, integrity: 'unsealed' });
    expect(read(bodyOfText().replace(':v2 ', ':v1 '))?.integrity).toBe('unsealed');
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
