import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/manifest/fault.ts';
import type { RepositoryPath } from '../../src/manifest/paths.ts';
import { type Readable, readEach } from '../../src/manifest/read-each.ts';
import { FileReader } from '../../src/manifest/read-many.ts';
import { ReadingThread } from '../../src/manifest/read-thread.ts';
import { workspace } from './workspace.ts';

let source = '';
beforeAll(async () => {
  const { bundleReadThread } = await import(resolve(import.meta.dirname, '../../scripts/build.mjs'));
  source = await bundleReadThread();
});

const DOCUMENTS = [
  'bill.pdf',
  'groups/linked.pdf',
  'outside.pdf',
  'git.txt',
  'loop.pdf',
  'dangling.pdf',
  'folder.pdf',
  'folder.pdf/below.pdf',
  'missing.pdf',
  'encrypted.pdf',
  'no-age.pdf.age',
  'empty.pdf',
  'pointer.pdf',
  'large.pdf',
  'pieces.pdf',
] as RepositoryPath[];

const MANIFESTS = [
  'regsync.yaml',
  'latin.yaml',
  'too-large.yaml',
  'none.yaml',
  'linked.yaml',
] as RepositoryPath[];

/** With something wrong of every kind. */
async function strangeWorkspace(): Promise<string> {
  const { root, at } = await workspace({
    'bill.pdf': 'SAMPLE DATA',
    'encrypted.pdf.age': 'not read',
    'no-age.pdf.age': 'no age file',
    'empty.pdf': '',
    'pointer.pdf': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    'large.pdf': 'x',
    'pieces.pdf': Buffer.alloc(300_000, 'SAMPLE DATA '),
    'latin.yaml': Buffer.from([0xff, 0xfe]),
    'too-large.yaml': '#'.repeat(1024 * 1024 + 1),
    'groups/a.yaml': '',
    '.git/config': 'x',
  });
  await truncate(at('large.pdf'), 20_000_001);
  await mkdir(at('folder.pdf'));
  await symlink('../bill.pdf', at('groups/linked.pdf'));
  await symlink('/etc/hosts', at('outside.pdf'));
  await symlink('/etc/hosts', at('linked.yaml'));
  await symlink('.git/config', at('git.txt'));
  await symlink('loop.pdf', at('loop.pdf'));
  await symlink('nothing', at('dangling.pdf'));
  return root;
}

async function withThread<Result>(use: (thread: ReadingThread) => Promise<Result>): Promise<Result> {
  const thread = ReadingThread.start(source);
  if (thread === null) throw new Error('there is no thread');
  return use(thread).finally(() => thread.close());
}

describe('a thread that reads files', () => {
  it.each<[Readable, readonly RepositoryPath[]]>([
    ['document', DOCUMENTS],
    ['manifest', MANIFESTS],
  ])(
    'finds the same in each %s as it would be found without it, and the same faults',
    async (what, paths) => {
      const root = await strangeWorkspace();
      const here = readEach(what, root, paths);
      const there = await withThread((thread) => thread.read(what, root, paths));
      expect(there).toStrictEqual(here);
      expect(there.filter((reading) => reading instanceof Fault).length).toBeGreaterThan(3);
      expect(there.filter((reading) => !(reading instanceof Fault)).length).toBeGreaterThan(0);
    },
  );

  it('answers in the order of what it is asked', async () => {
    const root = await strangeWorkspace();
    const [documents, manifests, none] = await withThread((thread) =>
      Promise.all([
        thread.read('document', root, DOCUMENTS),
        thread.read('manifest', root, MANIFESTS),
        thread.read('manifest', root, []),
      ]),
    );
    expect(documents).toStrictEqual(readEach('document', root, DOCUMENTS));
    expect(manifests).toStrictEqual(readEach('manifest', root, MANIFESTS));
    expect(none).toEqual([]);
  });

  it.each([
    ['cannot be understood', 'this is no program'],
    ['ends at once', 'process.exit()'],
    [
      'throws when it is asked',
      'require("node:worker_threads").parentPort.on("message", () => { throw new Error() })',
    ],
  ])('says so when it %s, and waits for nothing', async (_, broken) => {
    const thread = ReadingThread.start(broken);
    const asked = [thread?.read('document', '/', DOCUMENTS), thread?.read('document', '/', DOCUMENTS)];
    const answers = await Promise.allSettled(asked);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(thread?.read('document', '/', DOCUMENTS)).rejects.toThrow();
    await thread?.close();
  });

  it('sees nothing of the environment, where keys are', async () => {
    const telling =
      'const { parentPort } = require("node:worker_threads");' +
      'parentPort.on("message", () => parentPort.postMessage([JSON.stringify(process.env), process.argv.length]));';
    const thread = ReadingThread.start(telling);
    expect(await thread?.read('document', '/', DOCUMENTS)).toEqual(['{}', 2]);
    await thread?.close();
  });
});

describe('very many files', () => {
  const paths = Array.from({ length: 1_111 }, (_, number) => `groups/${number}.yaml` as RepositoryPath);
  const texts = paths.map((_, number) => String(number));

  async function manyFiles(): Promise<string> {
    const { root, at } = await workspace({ 'groups/0.yaml': '0' });
    for (const [number, path] of paths.entries()) await writeFile(at(path), String(number));
    return root;
  }

  async function untilRunning(thread: ReadingThread | null): Promise<void> {
    while (thread?.isRunning === false) await breathe();
  }

  it.each<[string, () => Promise<ReadingThread | null>]>([
    ['without a thread', async () => null],
    ['with one that starts', async () => ReadingThread.start(source)],
    [
      'with one that runs',
      async () => {
        const thread = ReadingThread.start(source);
        await untilRunning(thread);
        return thread;
      },
    ],
    ['with one that cannot be understood', async () => ReadingThread.start('this is no program')],
    ['with one that ends at once', async () => ReadingThread.start('process.exit()')],
  ])('are read in order, each once, %s', async (_, start) => {
    const reader = new FileReader(await manyFiles(), start);
    const read: unknown[] = [];
    for await (const batch of reader.read('manifest', paths)) read.push(...batch);
    await reader.close();
    expect(read).toEqual(texts);
  });

  it('are read here until the thread runs, and there from then on', async () => {
    const answering =
      'const { parentPort } = require("node:worker_threads");' +
      'parentPort.on("message", ({ paths }) => parentPort.postMessage(paths.map(() => "there")));';
    let thread: ReadingThread | null = null;
    const reader = new FileReader(await manyFiles(), async () => {
      thread = ReadingThread.start(answering);
      return thread;
    });
    const read: unknown[] = [];
    for await (const batch of reader.read('manifest', paths)) {
      read.push(...batch);
      await untilRunning(thread);
    }
    await reader.close();
    const here = read.indexOf('there');
    expect(here).toBeGreaterThan(0);
    expect(read).toEqual([...texts.slice(0, here), ...texts.slice(here).map(() => 'there')]);
  });
});
