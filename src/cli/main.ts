import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../build.ts';
import { EXIT } from '../model/exit.ts';
import { refusalToStart, silenceParser } from '../preflight.ts';

silenceParser(process.env);

/** Absent on Node 20. */
interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown;
}

/** Asked for by scripts more often than anything else, so nothing else is loaded for it. */
const [only, ...more] = process.argv.slice(2);
const refusal = refusalToStart(process);
if (only === '--version' && more.length === 0) {
  process.stdout.write(`${VERSION}\n`);
} else if (refusal !== null) {
  process.stderr.write(`error: ${refusal}\n`);
  process.exitCode = EXIT.invalid;
} else {
  // Node 22 and later keep what V8 compiled, in a folder that nobody else writes to: 25 ms of each start.
  const { enableCompileCache } = module as unknown as CompileCache;
  enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'regsync'));
  void import('./program.ts').then(async ({ run }) => {
    process.exitCode = await run(process.argv.slice(2));
  });
}
