import { applyChanges } from '../../src/apply/apply.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { openWriteClient } from '../../src/telnyx/client.ts';
import { optionsFor } from '../telnyx/scripted-server.ts';

/** Carries out what a small world leads to, against a server, without any waiting between looks. */
export async function applyHere(
  input: PlanInput,
  server: { readonly baseUrl: string },
  readDocument: (path: string) => Buffer = () => Buffer.alloc(0),
): Promise<Outcome[]> {
  const client = openWriteClient(optionsFor(server));
  try {
    return await applyChanges({
      changes: planChanges(input).changes,
      observed: input.observed,
      client,
      readDocument: async (path) => readDocument(path),
      parallelism: 1,
      signal: new AbortController().signal,
      wait: async () => {},
      onProgress: () => {},
    });
  } finally {
    await client.close();
  }
}
