import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { enclose, readEnclosure } from '../../src/github/enclosure.ts';
import { fc } from '../support/fast-check.ts';

describe('a plan in a comment', () => {
  it('comes out as it went in, behind any text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.nat()), fc.string(), (plan, drift, text) => {
        const line = enclose({ plan, drift });
        fc.pre(line !== '');
        const read = readEnclosure(`${text}\n${line}\n`);
        expect(read).toEqual({ plan: JSON.parse(JSON.stringify(plan)), drift });
      }),
    );
  });

  it('is one line that ends no HTML comment but its own', () => {
    const line = enclose({ plan: { text: '-->\n--!> <!--' }, drift: [] });
    expect(line.match(/--/g)).toHaveLength(2);
    expect(line).not.toContain('\n');
  });

  it('is left out where it is too large', () => {
    expect(enclose({ plan: randomBytes(20_000).toString('hex'), drift: [] })).toBe('');
  });

  it.each(['', 'no comment', '\n<!-- regsync:reviewed:v1 !!! -->', '\n<!-- regsync:reviewed:v1 AAAA -->'])(
    'is not there in %j',
    (body) => expect(readEnclosure(body)).toBeNull(),
  );

  it('that is a few kilobytes and would unpack to many megabytes is not unpacked', () => {
    const pack = (bytes: number) =>
      `\n<!-- regsync:reviewed:v1 ${deflateRawSync(`{"plan":"${'0'.repeat(bytes)}","drift":[]}`, { level: 9 }).toString('base64')} -->`;
    const bomb = pack(8 * 1024 * 1024);
    expect(bomb.length).toBeLessThan(16_000);
    expect(readEnclosure(bomb)).toBeNull();
    // The same in small is read: the size is what it fails by.
    expect(readEnclosure(pack(1024))).not.toBeNull();
  });
});
