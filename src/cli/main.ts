import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../build.ts';
import { EXIT } from '../model/exit.ts';
import { refusalToStart, silenceParser } from '../preflight.ts';

silenceParser(process.env);

/** The function of Node 22 and later, which Node 20 does not have. */
interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown;
}

/**
 * The only argument may be `--version`. Scripts ask for it often, so that nothing else is imported for it.
 */
const [only, ...more] = process.argv.slice(2);
const refusal = refusalToStart(process);
if (only === '--version' && more.length === 0) {
  process.stdout.write(`${VERSION}\n`);
} else if (refusal !== null) {
  process.stderr.write(`error: ${refusal}\n`);
  process.exitCode = EXIT.invalid;
} else {
  // The cache of code that V8 compiled speeds up each start. Its folder belongs to the user, so that nobody
  // else writes to it.
  const { enableCompileCache } = module as unknown as CompileCache;
  enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'regsync'));
  void import('./program.ts').then(async ({ run }) => {
    process.exitCode = await run(process.argv.slice(2));
  });
}
