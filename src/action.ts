import { runAction } from './commands/action.ts';
import { openTerminal } from './shell.ts';

// The YAML parser prints every token, and so every value, when it finds these.
delete process.env.LOG_TOKENS;
delete process.env.LOG_STREAM;

/** What GitHub starts: bundled into action/index.js, which is committed, for nothing is installed there. */
void runAction(openTerminal(['--no-color'])).then((exitCode) => {
  process.exitCode = exitCode;
});
