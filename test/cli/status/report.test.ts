import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const read = (path: string) => readFile(join(repository.folder, path), 'utf8');

describe('report', () => {
  it('writes one page of what Telnyx holds, and only reads there', async () => {
    await repository.control('clock', { now: '2031-01-01T08:00:00Z' });
    await repository.run(['apply', '--yes']);
    await repository.control('groups/approve?reference=regsync/acme/fr-local', { expires_in_days: 20 });
    await repository.control('groups/decline?reference=regsync/acme/de-local', {
      requirement_ids: [DE_REQUIREMENTS.proof],
      comment: 'The bill is <older> than "three" months',
    });
    await repository.forgetRequests();
    const { code, out } = await repository.run(['report']);
    expect([code, out]).toEqual([0, 'Wrote report.html: 1 of 2 groups approved.\n']);
    expect((await repository.requests()).every(({ method }) => method === 'GET')).toBe(true);
    const page = await read('report.html');
    expect(page).toContain('<h1>1 of 2 groups is approved, and expiring</h1>');
    expect(page).toMatch(/As Telnyx had it on <time[^>]*>1 January 2031, 08:0\d UTC/);
    expect(page).toContain('The bill is &lt;older&gt; than &quot;three&quot; months');
    expect(page).toContain('Proof of Address expires in 20 days (2031-01-21)');
    expect(page).toMatch(
      /Proof of Local Address<\/bdi><\/b> was declined: change it at <code>groups\/de.yaml:13</,
    );
    expect((await stat(join(repository.folder, 'report.html'))).mode & 0o777).toBe(0o600);
  });

  it('is written whole or not at all, where --out says', async () => {
    await repository.write('public/index.html', 'x'.repeat(100_000));
    const { out } = await repository.run(['report', '--out', 'public/index.html']);
    expect(out).toContain('Wrote public/index.html: 0 of 2 groups approved.');
    expect(await read('public/index.html')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(await readdir(join(repository.folder, 'public'))).toEqual(['index.html']);
  });

  const places: readonly (readonly [string, string, number])[] = [
    ['a folder that is not there', 'nowhere/report.html', 3],
    ['a folder', 'groups', 3],
    // Linux has a disk that is always full; elsewhere there is none to try.
    ...(process.platform === 'linux' ? [['a full disk', '/dev/full', 1] as const] : []),
  ];
  it.each(places)('that cannot be written into %s is one clear line', async (_, path, expected) => {
    const { code, err, out } = await repository.run(['report', '--quiet', '--out', path]);
    expect([code, out]).toEqual([expected, '']);
    expect(err).toMatch(
      /^error: the report cannot be written to .*: (?:its folder does not exist|it is a folder|the disk is full)\n$/,
    );
    expect((await readdir(repository.folder)).filter((name) => /tmp|report/.test(name))).toEqual([]);
  });

  it('prints the same data as status with --format json, and writes a page only where one is asked for', async () => {
    await repository.run(['apply', '--yes']);
    const printed = await repository.run(['report', '--format', 'json']);
    const { out } = await repository.run(['status', '--format', 'json']);
    const [report, status] = [JSON.parse(printed.out), JSON.parse(out)];
    expect({ ...report, read_at: '' }).toEqual({ ...status, read_at: '' });
    expect(await readdir(repository.folder)).not.toContain('report.html');
    await repository.run(['report', '--format', 'json', '--out', 'page.html']);
    expect(await read('page.html')).toContain(report.state.slice(0, 16));
  });

  it('of a repository without groups says so', async () => {
    await repository.write('groups/fr.yaml', '# nothing');
    expect((await repository.run(['report'])).code).toBe(3);
    const document =
      'apiVersion: regsync/v1\nkind: Document\nname: paper\nfile: ../documents/registration.pdf\n';
    await repository.write('groups/fr.yaml', document);
    await repository.write('groups/de.yaml', document.replace('paper', 'other'));
    const { code, out } = await repository.run(['report']);
    expect([code, out]).toEqual([0, 'Wrote report.html: 0 of 0 groups approved.\n']);
    expect(await read('report.html')).toContain('<h1>No requirement groups yet</h1>');
  });

  it('ends as other commands do when it cannot read: nothing is written', async () => {
    expect((await repository.run(['report'], { env: { TELNYX_API_KEY: undefined } })).code).toBe(7);
    await repository.write('groups/de.yaml', 'kind: [');
    const { code, out } = await repository.run(['report', '--format', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'invalid' } });
    expect(await readdir(repository.folder)).not.toContain('report.html');
  });
});
