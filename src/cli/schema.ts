import { Argument, type Command } from 'commander';
import auditSchema from '../../schemas/audit.schema.json' with { type: 'json' };
import configSchema from '../../schemas/config.schema.json' with { type: 'json' };
import errorSchema from '../../schemas/error.schema.json' with { type: 'json' };
import gcSchema from '../../schemas/gc.schema.json' with { type: 'json' };
import importSchema from '../../schemas/import.schema.json' with { type: 'json' };
import lockSchema from '../../schemas/lock.schema.json' with { type: 'json' };
import lockReportSchema from '../../schemas/lock-report.schema.json' with { type: 'json' };
import manifestSchema from '../../schemas/manifest.schema.json' with { type: 'json' };
import matrixSchema from '../../schemas/matrix.schema.json' with { type: 'json' };
import outcomesSchema from '../../schemas/outcomes.schema.json' with { type: 'json' };
import planSchema from '../../schemas/plan.schema.json' with { type: 'json' };
import replySchema from '../../schemas/reply.schema.json' with { type: 'json' };
import statusSchema from '../../schemas/status.schema.json' with { type: 'json' };
import validateSchema from '../../schemas/validate.schema.json' with { type: 'json' };
import { EXIT, type ExitCode } from '../model/exit.ts';
import { renderBareJson } from '../render/json.ts';
import { addCommand, examples, type Finish, formatOption, runs } from './command.ts';
import type { Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  const names = Object.keys(SCHEMAS) as readonly SchemaName[];
  addCommand(program, 'schema', 'print a JSON Schema, for editors and checks')
    .addArgument(new Argument('[name]', 'name of the schema').choices(names).default('manifest'))
    .addOption(formatOption('json'))
    .addHelpText('after', examples('regsync schema manifest'))
    .action(runs(schema, terminal, finish));
}

/** The files that users write, the lock, and the outputs of `--format json`. */
export const SCHEMAS = {
  manifest: manifestSchema,
  config: configSchema,
  plan: planSchema,
  lock: lockSchema,
  outcomes: outcomesSchema,
  status: statusSchema,
  validate: validateSchema,
  import: importSchema,
  gc: gcSchema,
  reply: replySchema,
  audit: auditSchema,
  'lock-report': lockReportSchema,
  matrix: matrixSchema,
  error: errorSchema,
};
export type SchemaName = keyof typeof SCHEMAS;

export function schema(terminal: Terminal, name: SchemaName): ExitCode {
  terminal.out(renderBareJson(SCHEMAS[name]));
  return EXIT.ok;
}
