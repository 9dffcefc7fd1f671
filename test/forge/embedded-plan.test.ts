import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { embedPlan, readEmbeddedPlan } from '../../src/forge/embedded-plan.ts';
import { fc } from '../support/fast-check.ts';

describe('a plan in a comment', () => {
  it('comes out as it went in, behind any text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.nat()), fc.string(), (plan, drift, text) => {
        const line = embedPlan({ plan, drift });
        fc.pre(line !== '');
        const read = readEmbeddedPlan(`${text}\n${line}\n`);
        expect(read).toEqual({ plan: JSON.parse(JSON.stringify(plan)), drift });
      }),
    );
  });

  it('is one line that ends no HTML comment but its own', () => {
    const line = embedPlan({ plan: { text: '-->\n--!> <!--' }, drift: [] });
    expect(line.match(/--/g)).toHaveLength(2);
    expect(line).not.toContain('\n');
  });

  it('is left out where it is too large', () => {
    expect(embedPlan({ plan: randomBytes(80_000).toString('hex'), drift: [] })).toBe('');
    const line = embedPlan({ plan: 'one', drift: [] });
    expect(embedPlan({ plan: 'one', drift: [] }, line.length)).toBe(line);
    expect(embedPlan({ plan: 'one', drift: [] }, line.length - 1)).toBe('');
  });

  it.each(['', 'no comment', '\n<!-- regsync:reviewed:v1 !!! -->', '\n<!-- regsync:reviewed:v1 AAAA -->'])(
    'is not there in %j',
    (body) => expect(readEmbeddedPlan(body)).toBeNull(),
  );

  it('that is a few kilobytes and would unpack to many megabytes is not unpacked', () => {
    const pack = (bytes: number) =>
      `\n<!-- regsync:reviewed:v1 ${deflateRawSync(`{"plan":"${'0'.repeat(bytes)}","drift":[]}`, { level: 9 }).toString('base64')} -->`;
    const bomb = pack(8 * 1024 * 1024);
    expect(bomb.length).toBeLessThan(16_000);
    expect(readEmbeddedPlan(bomb)).toBeNull();
    // The same in small is read: the size is what it fails by.
    expect(readEmbeddedPlan(pack(1024))).not.toBeNull();
  });

  it('names places of changes, and nothing that is none', () => {
    const packed = (value: unknown) =>
      `text\n<!-- regsync:reviewed:v1 ${deflateRawSync(JSON.stringify(value)).toString('base64')} -->`;
    const read = (value: unknown) => readEmbeddedPlan(packed(value));
    expect(read({ plan: 1, drift: [0, 1.5, '2', null, 3] })).toEqual({ plan: 1, drift: [0, 3] });
    expect(read({ plan: 1, drift: 'all' })).toEqual({ plan: 1, drift: [] });
    expect(read({ plan: 1 })).toEqual({ plan: 1, drift: [] });
    expect(read({ plan: 1, fresh: 2 })).toEqual({ plan: 1, drift: [], fresh: 2 });
    expect(read(null)).toBeNull();
  });

  /** Text that is hard to compress, the same each time. */
  const noise = (length: number) =>
    Array.from({ length: Math.ceil(length / 64) }, (_, n) =>
      createHash('sha256').update(`${n}`).digest('hex'),
    )
      .join('')
      .slice(0, length);
  const packedAt = (level: number, plan: unknown) =>
    deflateRawSync(JSON.stringify({ plan, drift: [] }), { level }).toString('base64');

  it('is as small as it can be', () => {
    const digests = noise(400 * 24);
    const plan = Array.from({ length: 400 }, (_, n) => ({
      kind: 'RequirementGroup',
      name: `group-${n}`,
      digest: digests.slice(n * 24, (n + 1) * 24),
      values: n % 7,
    }));
    expect(packedAt(9, plan).length).toBeLessThan(packedAt(6, plan).length);
    expect(embedPlan({ plan, drift: [] })).toBe(`<!-- regsync:reviewed:v1 ${packedAt(9, plan)} -->`);
  });

  it('of as many characters as it may have travels, and of more does not', () => {
    const lineOf = (length: number) => embedPlan({ plan: noise(length), drift: [] });
    let length = 80_000;
    while (lineOf(length + 6) !== '') length += 6;
    expect(lineOf(length).length).toBeGreaterThan(59_900);
    expect(readEmbeddedPlan(`text\n${lineOf(length)}`)?.plan).toBe(noise(length));
    expect(lineOf(length + 100)).toBe('');
  });

  it('is read where it ends the text, and nowhere else', () => {
    const line = embedPlan({ plan: 1, drift: [] });
    const read = { plan: 1, drift: [] };
    expect(readEmbeddedPlan(`text\n${line}`)).toEqual(read);
    expect(readEmbeddedPlan(`text\n${line}\r\n \n`)).toEqual(read);
    for (const body of [line, `text ${line}`, `text\n${line}\nmore`, `text\n${line.replace(' -->', '')}`])
      expect(readEmbeddedPlan(body), body).toBeNull();
  });

  it('of as many characters as it may have is read, and of one more is not', () => {
    const padded = (length: number) => {
      const line = embedPlan({ plan: 1, drift: [] });
      const packed = line.slice('<!-- regsync:reviewed:v1 '.length, -' -->'.length);
      // What follows the end of the compressed data is passed over.
      return line.replace(
        packed,
        packed.replace(/=+$/, '') + 'A'.repeat(length - packed.replace(/=+$/, '').length),
      );
    };
    expect(readEmbeddedPlan(`text\n${padded(60_000)}`)).toEqual({ plan: 1, drift: [] });
    expect(readEmbeddedPlan(`text\n${padded(60_001)}`)).toBeNull();
  });
});
