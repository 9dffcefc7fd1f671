import configSchema from '../../schemas/config.schema.json' with { type: 'json' };
import lockSchema from '../../schemas/lock.schema.json' with { type: 'json' };
import manifestSchema from '../../schemas/manifest.schema.json' with { type: 'json' };
import planSchema from '../../schemas/plan.schema.json' with { type: 'json' };
import { EXIT, type ExitCode } from '../model/exit.ts';
import { renderJson } from '../render/json.ts';
import type { Terminal } from './terminal.ts';

export const SCHEMAS = { manifest: manifestSchema, config: configSchema, plan: planSchema, lock: lockSchema };
export type SchemaName = keyof typeof SCHEMAS;

export function schema(terminal: Terminal, name: SchemaName): ExitCode {
  terminal.out(renderJson(SCHEMAS[name]));
  return EXIT.ok;
}
