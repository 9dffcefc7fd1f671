import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActionRepository,
  dispatch,
  type Happening,
  openActionRepository,
  push,
} from '../../support/action-repository.ts';
import { keepAnswer } from '../../support/mistakes.ts';
import { frenchGroup } from '../../support/test-repository.ts';

/** Mistakes in workflows: the annotation names the input, the secret or the file to change. */
let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

/** Returns the annotation, which is all that many people look at. */
async function annotated(happening: Happening, inputs: Readonly<Record<string, string>>): Promise<string> {
  const { code, out, err } = await repository.run(happening, inputs);
  const typed = Object.entries(inputs).map(([name, value]) => `${name}: ${value}`);
  const [annotation = ''] = out.split('\n').filter((line) => line.startsWith('::error'));
  const [error = ''] = err.split('\n').filter((line) => line.startsWith('error: '));
  keepAnswer([`on: ${happening.name}`, ...typed].join('\n'), `${annotation}\n${error}`, code);
  return annotation;
}

const onPull = () => repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup({ name: 'fr' }) });
const onMain = () => push(repository.git('rev-parse', 'main'), 'refs/heads/main');
const byHand = () => dispatch(repository.git('rev-parse', 'main'));

describe('the annotation names the next step', () => {
  it.each<
    readonly [
      title: string,
      happen: () => Happening | Promise<Happening>,
      inputs: Record<string, string>,
      next: string,
    ]
  >([
    [
      'without a key',
      onPull,
      { 'api-key': '' },
      'Save it as the secret TELNYX_API_KEY of this repository, and pass it in the workflow',
    ],
    [
      'where apply runs in a pull request',
      onPull,
      { command: 'apply' },
      'Merge the pull request. In the workflow of pull requests, write command: plan',
    ],
    [
      'where the event is pull_request_target',
      async () => ({ ...(await onPull()), name: 'pull_request_target' }),
      {},
      'In the workflow file, write on: pull_request',
    ],
    [
      'where an input is neither true nor false',
      onPull,
      { 'allow-replace': 'yes' },
      'the input allow-replace must be one of true, false. Did you mean allow-replace: true?',
    ],
    [
      'where a command is misspelt',
      onPull,
      { command: 'aply' },
      'the input command must be one of plan, apply, validate, drift, matrix. Did you mean command: apply?',
    ],
  ])('%s', async (_, happen, inputs, next) => {
    expect(await annotated(await happen(), inputs)).toContain(next);
  });

  it.each<readonly [title: string, happen: () => Happening, inputs: Record<string, string>]>([
    ['of a push that no pull request brought', onMain, {}],
    ['of a start by hand without a fingerprint', byHand, {}],
    ['of a start by hand with a mistyped fingerprint', byHand, { fingerprint: 'deadbeef' }],
  ])('%s, and with it the fingerprint to enter', async (_, happen, inputs) => {
    expect(await annotated(happen(), { command: 'apply', ...inputs })).toMatch(
      /Read the plan of this run\. To apply exactly that plan, start this workflow by hand \("Run workflow"\) with the fingerprint [0-9a-f]{8}$/,
    );
  });
});
