import { hash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { Topic } from '../../forge/marker.ts';
import { CONFIG_FILE, type Repository } from '../../manifest/repository.ts';
import type { PlanOptions } from '../../model/plan/plan.ts';
import { planOptionsOf } from '../plan.ts';
import { folderOf, gatesOf, type ReviewRun } from './review-run.ts';

/** A topic says what a comment or an issue is about, and so which job it belongs to. */

/** The properties that tell one job of a pull request from the others. */
export interface Job {
  readonly scope: string;
  /** The folder of the configuration in the Git repository: `''`, or `telnyx/eu`. */
  readonly folder: string;
  readonly configFile: string;
  readonly account: string | null;
  /** True if the embedded sandbox replaces Telnyx. */
  readonly sandbox: boolean;
  readonly options: Pick<PlanOptions, 'paths' | 'targets' | 'excludes' | 'shard'>;
}

export function topicOf({ scope, folder, configFile, account, sandbox, options }: Job): Topic {
  const { paths, targets, excludes = [], shard } = options;
  // Comments of earlier versions know of no excludes.
  const part = [paths, targets, ...(excludes.length === 0 ? [] : [excludes])];
  const isUsual = folder === '' && configFile === CONFIG_FILE && account === null && !sandbox;
  return {
    scope: shard === undefined ? scope : `${scope} shard ${shard}`,
    ...(isUsual ? {} : { configuration: digestOf([folder, configFile, account, sandbox]) }),
    ...(part.every((names) => names.length === 0) ? {} : { part: digestOf(part.map(sorted)) }),
  };
}

/** @param options the options of the plan. By default, those of the inputs. */
export function topicOfRun(
  run: ReviewRun,
  { root, configFile, config: { scope } }: Pick<Repository, 'root' | 'configFile' | 'config'>,
  options: PlanOptions = planOptionsOf(run.terminal, root, run.inputs.manifests, gatesOf(run)),
): Topic {
  const { account, sandbox } = run.inputs;
  return topicOf({ scope, folder: folderOf(run, root), configFile, account, sandbox, options });
}

/** Returns `configuration` of the topic of a run whose configuration is in this folder but cannot be read. */
export function configurationOfRun(run: ReviewRun, folder: string): string | undefined {
  const { account, sandbox, config } = run.inputs;
  return topicOf({
    scope: '',
    folder: folderOf(run, config === null ? folder : dirname(resolve(folder, config))),
    configFile: config === null ? CONFIG_FILE : basename(config),
    account,
    sandbox,
    options: { paths: [], targets: [] },
  }).configuration;
}

/** Returns a short digest, because paths may be long and may contain the end of an HTML comment. */
function digestOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value)).slice(0, 16);
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
