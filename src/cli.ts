import { VERSION } from './build.ts';
import { useCodeCache } from './code-cache.ts';

// The YAML parser prints every token, and so every value, when it finds these.
delete process.env.LOG_TOKENS;
delete process.env.LOG_STREAM;

/** Asked for by scripts more often than anything else, so nothing else is loaded for it. */
const [only, ...more] = process.argv.slice(2);
if (only === '--version' && more.length === 0) {
  process.stdout.write(`${VERSION}\n`);
} else {
  useCodeCache(`${import.meta.dirname}/chunks`);
  void import('./program.ts').then(async ({ run }) => {
    process.exitCode = await run(process.argv.slice(2));
  });
}
