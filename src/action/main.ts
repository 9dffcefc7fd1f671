import { openTerminal } from '../cli/shell.ts';
import { EXIT } from '../model/exit.ts';
import { refusalToStart, silenceParser } from '../preflight.ts';
import { runAction } from './run-action.ts';

silenceParser(process.env);

/** What GitHub starts: bundled into action/index.js, which is committed, for nothing is installed there. */
const refusal = refusalToStart(process);
if (refusal !== null) {
  process.stdout.write(`::error::${refusal}\n`);
  process.exitCode = EXIT.invalid;
} else {
  void runAction(openTerminal(['--no-color'])).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
