import { dirname, relative } from 'node:path';
import { findUpwards } from '../../files/paths.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson } from '../../render/json.ts';
import { renderNextSteps, type Step } from '../../render/text/next-steps.ts';
import { goThere } from '../session/again.ts';
import type { Terminal } from '../session/terminal.ts';
import type { InitCommandOptions } from './init.ts';
import type { InitPlace } from './place.ts';

/** Prints the written files and the next steps. */
export function reportFiles(terminal: Terminal, options: InitCommandOptions, done: Done): void {
  const { place, written, kept } = done;
  if (options.format === 'json') terminal.out(renderJson({ written, kept }));
  else terminal.out(renderFiles(written, kept));
  if (options.quiet) return;
  const gitFolder = findUpwards(place.root, '.git');
  const top = gitFolder === null ? place.root : dirname(gitFolder);
  if (options.workflows && top !== place.root) {
    terminal.err(
      `warning: GitHub reads workflows only at the top of a git repository, which is ${visible(top)}. Move .github there, and give its commands --chdir ${visible(relative(top, place.root))}.\n`,
    );
  }
  terminal.err(renderNextSteps(nextSteps(done, options)));
}

interface Done {
  readonly place: InitPlace;
  readonly written: readonly string[];
  readonly kept: readonly string[];
  readonly scope: string;
  /** The path of the first manifest. Null if there is none. */
  readonly first: string | null;
}

function renderFiles(written: readonly string[], kept: readonly string[]): string {
  const lines = [
    ...written.map((path) => `  + ${visible(path)}`),
    ...kept.map((path) => `    ${visible(path)}    exists: kept`),
  ];
  const head = written.length === 0 ? 'Nothing to write.' : 'Wrote:';
  return `${[head, ...lines].join('\n')}\n`;
}

function nextSteps({ scope, first }: Done, options: InitCommandOptions): readonly Step[] {
  const rehearse = options.sandbox ? ' --sandbox' : '';
  return [
    ...goThere(options),
    [`regsync doctor${rehearse}`, 'checks your key and the connection to Telnyx'],
    ...(first === null
      ? ([
          [
            `regsync new DE local ordering --name ${scope}-de-local${rehearse}`,
            'writes a manifest to fill in',
          ],
          [`regsync import${rehearse}`, 'or writes manifests for groups that exist at Telnyx'],
        ] as const)
      : ([[`edit ${first}`, 'write the values, and put documents into documents/']] as const)),
    [`regsync lock${rehearse}`, 'keeps the requirements of your countries for validate'],
    ['regsync validate', 'lists missing and wrong values'],
    [`regsync plan${rehearse}`, 'shows the changes at Telnyx'],
    ...(options.workflows
      ? [
          [
            'commit and push',
            'first add the secret TELNYX_API_KEY on GitHub (and REGSYNC_PLAN_KEY if apply has another key: openssl rand -hex 32)',
          ] as const,
        ]
      : []),
  ];
}
