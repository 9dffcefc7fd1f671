import { posix } from 'node:path';
import type { NewFile } from '../../files/new-files.ts';
import { schemaPath } from '../../model/text/schema-path.ts';
import { renderBareTemplate, renderTemplate } from '../../render/template.ts';
import type { InitCommandOptions } from '../init.ts';
import { readOne } from '../new.ts';
import { accessOf } from '../session/api.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import type { Answers } from './answers.ts';
import type { InitPlace } from './place.ts';

/** Returns the manifest of a first group. It lists the requirements if there is a key to read them with. */
export async function firstManifest(
  terminal: Terminal,
  options: InitCommandOptions,
  place: InitPlace,
  { scope, first }: Answers,
): Promise<NewFile | null> {
  if (first === null) return null;
  const { combination, name } = first;
  const path = posix.join(place.manifests, `${name}.yaml`);
  const head = { name, combination, schemaPath: schemaPath(path) };
  if (!canReadDefinitions(terminal, options, place)) {
    if (!options.quiet) terminal.err(WITHOUT_KEY);
    return { path, text: renderBareTemplate({ ...head, origin: '' }) };
  }
  const repository = { root: place.root, config: { scope, account: place.account } };
  const { set, origin } = await readOne(terminal, options, { repository, combination });
  return { path, text: renderTemplate(set, { ...head, origin }) };
}

function canReadDefinitions(
  terminal: Terminal,
  { sandbox, apiKeyFile }: GlobalOptions,
  { account }: InitPlace,
): boolean {
  const key = terminal.env[accessOf(account, terminal.env).keyEnv];
  return sandbox === true || apiKeyFile !== undefined || Boolean(key?.trim());
}

const WITHOUT_KEY =
  'notice: TELNYX_API_KEY is not set, so the first manifest lists no requirements. With a key, regsync new writes them.\n';
