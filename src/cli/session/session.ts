import { Redactor } from '../../model/privacy/redactor.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { type Api, type ApiContext, openReadApi } from './api.ts';
import { type OutputOptions, refuseOverInputs } from './outputs.ts';
import { startProgress } from './progress.ts';
import { loadProject, type Project, sayProblems } from './project.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

/** The options, the repository, the private texts and the way to Telnyx that a command works with. */
export interface Session<Options extends GlobalOptions> extends ApiContext {
  readonly options: Options;
  readonly project: Project;
}

/**
 * Loads the repository and prints the problems that it finds.
 *
 * @param mayBeEmpty accepts a repository without manifests.
 * @param keepsSources keeps the files as they were read, to compare another commit with them.
 * @throws InvalidInputError if the repository has an error, or if an option would write over a file of it.
 */
export async function openSession<Options extends GlobalOptions & OutputOptions>(
  terminal: Terminal,
  options: Options,
  mayBeEmpty: boolean,
  keepsSources = false,
): Promise<Session<Options>> {
  const project = await loadProject(terminal, options, mayBeEmpty, keepsSources);
  sayProblems(terminal, options, project.problems);
  refuseOverInputs(terminal, options, { root: project.repository.root, inputs: project.inputs });
  return sessionWith(terminal, options, project);
}

/** Returns a session of a repository that was read. */
export function sessionWith<Options extends GlobalOptions>(
  terminal: Terminal,
  options: Options,
  project: Project,
): Session<Options> {
  const progress = startProgress(terminal, options);
  return { terminal, options, project, redactor: new Redactor(), progress };
}

/** Opens the API for reading while the work lasts. */
export function whileReading<Result>(
  session: ApiContext,
  work: (api: Api<ReadClient>) => Promise<Result>,
): Promise<Result> {
  return whileOpen(openReadApi(session), work);
}

/** Closes the API when the work ends, however it ends. */
export async function whileOpen<Client extends ReadClient, Result>(
  opening: Promise<Api<Client>>,
  work: (api: Api<Client>) => Promise<Result>,
): Promise<Result> {
  const api = await opening;
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}
