import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkHouse } from '../scripts/house.mjs';

describe('The check of the source folders', () => {
  it.each([
    ['a noun that imports an engine', 'model/plan/plan.ts', "import { x } from '../../plan/exact.ts';"],
    ['a planner that imports the client', 'plan/plan.ts', "import { x } from '../telnyx/client.ts';"],
    ['a command that imports the program', 'cli/plan.ts', "import { x } from './program.ts';"],
    ['a command that imports the action', 'cli/ci/ci.ts', "import { x } from '../../action/inputs.ts';"],
    ['a lazy import of a forbidden folder', 'render/html.ts', "await import('../files/write.ts');"],
    ['a planner that reads files', 'plan/plan.ts', "import { readFileSync } from 'node:fs';"],
    ['a renderer that asks the time', 'render/html.ts', 'const today = new Date();'],
    ['a file of more than 300 lines', 'plan/plan.ts', 'export {};\n'.repeat(301)],
    ['a file in an unknown folder', 'utils/text.ts', 'export {};'],
  ])('finds %s', (_, path, text) => {
    expect(checkHouse(folderWith(path, text))).toEqual([expect.stringContaining(`src/${path} `)]);
  });

  it('finds a second exported type of one name', () => {
    const folder = folderWith('plan/plan.ts', 'export interface Place {}');
    writeFileSync(join(folder, 'plan/other.ts'), 'export type Place = string;');
    expect(checkHouse(folder)).toEqual([
      'src/plan/plan.ts exports a type Place, and src/plan/other.ts does: rename one.',
    ]);
  });

  it('finds comments that begin without a subject, if there are too many', () => {
    const sound = '/** Returns the plan. */\n'.repeat(19);
    expect(checkHouse(folderWith('plan/plan.ts', `${sound}/** What is left. */\n`))).toEqual([]);
    expect(checkHouse(folderWith('plan/plan.ts', `${sound}/** What is left. */\n// Of the rest.\n`))).toEqual(
      ['9.5 % of 21 comments begin without a subject, and 5 % may: What is left.'],
    );
  });

  it('finds nothing wrong in what each folder may do', () => {
    const folder = folderWith(
      'plan/plan.ts',
      "import { x } from '../model/plan.ts';\nconst day = new Date(0);",
    );
    expect(checkHouse(folder)).toEqual([]);
  });

  it.each([
    ['a file of 300 lines', 'plan/plan.ts', 300],
    ['a longer file that is a table', 'doctor/assumptions.ts', 301],
  ])('finds nothing wrong in %s', (_, path, lines) => {
    expect(checkHouse(folderWith(path, 'export {};\n'.repeat(lines)))).toEqual([]);
  });
});

function folderWith(path: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'regsync-house-'));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return folder;
}
