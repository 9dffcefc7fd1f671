import { Argument, type Command } from 'commander';
import configSchema from '../../schemas/config.schema.json' with { type: 'json' };
import lockSchema from '../../schemas/lock.schema.json' with { type: 'json' };
import manifestSchema from '../../schemas/manifest.schema.json' with { type: 'json' };
import planSchema from '../../schemas/plan.schema.json' with { type: 'json' };
import { EXIT, type ExitCode } from '../model/exit.ts';
import { renderJson } from '../render/json.ts';
import { addCommand, examples, type Finish, formatOption } from './command.ts';
import type { Terminal } from './session/terminal.ts';

/** Defines the command, its options and its help page. */
export function define(program: Command, terminal: Terminal, finish: Finish): void {
  const names: readonly SchemaName[] = ['manifest', 'config', 'plan', 'lock'];
  addCommand(program, 'schema', 'print a JSON Schema, for editors and checks')
    .addArgument(new Argument('[name]', 'of the schema').choices(names).default('manifest'))
    .addOption(formatOption('json'))
    .addHelpText('after', examples('regsync schema manifest'))
    .action(async (name: SchemaName) => {
      finish(schema(terminal, name));
    });
}

export const SCHEMAS = { manifest: manifestSchema, config: configSchema, plan: planSchema, lock: lockSchema };
export type SchemaName = keyof typeof SCHEMAS;

export function schema(terminal: Terminal, name: SchemaName): ExitCode {
  terminal.out(renderJson(SCHEMAS[name]));
  return EXIT.ok;
}
