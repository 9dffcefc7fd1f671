import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Marker, type Place, readMarker, writeMarker } from '../../src/github/marker.ts';

const sign = (value: unknown) => createHmac('sha256', 'key').update(JSON.stringify(value)).digest('hex');
const PLACE: Place = { repository: 'example/telephony', pull: 7 };
const MARKER: Marker = { kind: 'plan', scope: 'a--b', fingerprint: 'f'.repeat(64), head: '1'.repeat(40) };

describe('a marker', () => {
  it.each([
    ['with everything', MARKER],
    ['without a plan', { ...MARKER, fingerprint: null }],
    ['of an issue', { ...MARKER, kind: 'drift' as const, fingerprint: null, head: null }],
  ])('%s is read as it was written', (_, marker) => {
    const line = writeMarker(marker, PLACE, sign);
    expect(readMarker(line, PLACE, sign)).toEqual(marker);
    expect(readMarker(`${line}\r\nand more`, PLACE, sign)).toEqual(marker);
  });

  it('counts for one repository, one pull request and one key', () => {
    const line = writeMarker(MARKER, PLACE, sign);
    expect(readMarker(line, { ...PLACE, pull: 8 }, sign)).toBeNull();
    expect(readMarker(line, { ...PLACE, pull: null }, sign)).toBeNull();
    expect(readMarker(line, { ...PLACE, repository: 'other/telephony' }, sign)).toBeNull();
    expect(readMarker(line, PLACE, () => '0'.repeat(64))).toBeNull();
  });

  it('with any character changed is none', () => {
    const line = writeMarker(MARKER, PLACE, sign);
    for (let at = 0; at < line.length; at++) {
      const changed = `${line.slice(0, at)}${line[at] === '0' ? '1' : '0'}${line.slice(at + 1)}`;
      expect(readMarker(changed, PLACE, sign), changed).toBeNull();
    }
  });

  it('is of one kind only: a plan’s is no issue’s', () => {
    const line = writeMarker(MARKER, PLACE, sign).replace('regsync:plan', 'regsync:drift');
    expect(readMarker(line, PLACE, sign)).toBeNull();
  });
});
