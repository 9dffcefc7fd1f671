import { VERSION } from './build.ts';
import { useCodeCache } from './code-cache.ts';
import { EXIT } from './model/exit.ts';
import { refusalToStart, silenceParser } from './preflight.ts';

silenceParser(process.env);

/** Asked for by scripts more often than anything else, so nothing else is loaded for it. */
const [only, ...more] = process.argv.slice(2);
const refusal = refusalToStart(process);
if (only === '--version' && more.length === 0) {
  process.stdout.write(`${VERSION}\n`);
} else if (refusal !== null) {
  process.stderr.write(`error: ${refusal}\n`);
  process.exitCode = EXIT.invalid;
} else {
  useCodeCache(`${import.meta.dirname}/chunks`);
  void import('./program.ts').then(async ({ run }) => {
    process.exitCode = await run(process.argv.slice(2));
  });
}
