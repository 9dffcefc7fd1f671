import applyWorkflow from '../../../examples/github/regsync-apply.yml';
import driftWorkflow from '../../../examples/github/regsync-drift.yml';
import planWorkflow from '../../../examples/github/regsync-plan.yml';
import type { NewFile } from '../../files/new-files.ts';

/** The workflow files of examples/github, their text taken in when regsync is built. */
export const WORKFLOWS: readonly NewFile[] = [
  { path: '.github/workflows/regsync-plan.yml', text: planWorkflow },
  { path: '.github/workflows/regsync-apply.yml', text: applyWorkflow },
  { path: '.github/workflows/regsync-drift.yml', text: driftWorkflow },
];
