import { openTerminal } from '../cli/shell.ts';
import { EXIT } from '../model/exit.ts';
import { refusalToStart, silenceParser } from '../preflight.ts';
import { runAction } from './run-action.ts';

silenceParser(process.env);

/**
 * GitHub starts this file. It is bundled into action/index.js and committed, because GitHub installs no
 * packages.
 */
const refusal = refusalToStart(process);
if (refusal !== null) {
  process.stdout.write(`::error::${refusal}\n`);
  process.exitCode = EXIT.invalid;
} else {
  void runAction(openTerminal(['--no-color'])).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
