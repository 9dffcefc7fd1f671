import type { Cost, Phase } from '../../model/plan/cost.ts';
import { monotonicMs } from '../../telnyx/clock.ts';
import type { Statistics } from '../../telnyx/options.ts';

/** Measures a run for `--verbose`: only counts and times, nothing that was read or written. */
export class Meter {
  readonly #phases = new Map<Phase, number>();
  readonly #clients: Statistics[] = [];
  #phase: Phase = 'start';
  #sinceMs = monotonicMs() - process.uptime() * 1000;
  #lookMs = 0;
  #files: Cost['files'] = null;

  /** Ends the current phase and begins another. */
  enter(phase: Phase): void {
    const nowMs = monotonicMs();
    this.#phases.set(this.#phase, (this.#phases.get(this.#phase) ?? 0) + nowMs - this.#sinceMs);
    this.#phase = phase;
    this.#sinceMs = nowMs;
  }

  /** Adds a wait of an apply before it reads again what it wrote. */
  addWaitToLook(ms: number): void {
    this.#lookMs += ms;
  }

  /** Says that the run parsed only some of the files of manifests. */
  countFiles(parsed: number, all: number): void {
    this.#files = { parsed, all };
  }

  /** Adds the statistics of a client that was closed. */
  addTraffic(statistics: Statistics): void {
    this.#clients.push(statistics);
  }

  sum(): Cost {
    this.enter('rest');
    return {
      phases: this.#phases,
      traffic: sumTraffic(this.#clients, this.#lookMs),
      files: this.#files,
    };
  }
}

function sumTraffic(clients: readonly Statistics[], lookMs: number): Cost['traffic'] {
  if (clients.length === 0) return null;
  const requests = new Map<string, number>();
  for (const { requestsByMethod } of clients) {
    for (const [method, number] of requestsByMethod)
      requests.set(method, (requests.get(method) ?? 0) + number);
  }
  const sum = (of: (client: Statistics) => number) =>
    clients.reduce((total, client) => total + of(client), 0);
  return {
    requests,
    retries: sum((client) => client.retries),
    bytesSent: sum((client) => client.bytesSent),
    bytesReceived: sum((client) => client.bytesReceived),
    heldMs: sum((client) => client.heldMs),
    retryMs: sum((client) => client.retryMs),
    lookMs,
  };
}
