import applyWorkflow from '../../../examples/github/regsync-apply.yml';
import driftWorkflow from '../../../examples/github/regsync-drift.yml';
import planWorkflow from '../../../examples/github/regsync-plan.yml';
import type { NewFile } from '../../files/new-files.ts';

/** The workflow files of examples/github. The build puts their text into the bundle. */
export const WORKFLOWS: readonly NewFile[] = [
  { path: '.github/workflows/regsync-plan.yml', text: planWorkflow },
  { path: '.github/workflows/regsync-apply.yml', text: applyWorkflow },
  { path: '.github/workflows/regsync-drift.yml', text: driftWorkflow },
];

/**
 * Returns the same files with a commit of regsync in place of its newest release. Renovate and Dependabot
 * read `# v1` and update it.
 */
export function pinWorkflows(commit: string): readonly NewFile[] {
  return WORKFLOWS.map(({ path, text }) => ({
    path,
    text: text
      .replace(/^ *# v1 is the newest release\..*\n/m, '')
      .replace('regsync/regsync@v1', `regsync/regsync@${commit} # v1`),
  }));
}
