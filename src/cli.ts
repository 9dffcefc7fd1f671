import { VERSION } from './build.ts';

/** Asked for by scripts more often than anything else, so nothing else is loaded for it. */
const [only, ...more] = process.argv.slice(2);
if (only === '--version' && more.length === 0) {
  process.stdout.write(`${VERSION}\n`);
} else {
  const { run } = await import('./program.ts');
  process.exitCode = await run(process.argv.slice(2));
}
