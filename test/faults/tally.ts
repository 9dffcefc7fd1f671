import type { InjectedFault } from './injected-faults.ts';

/** How many points were tried of each kind, and how many came right. */
export class Tally {
  readonly #ways: readonly string[];
  readonly #counts = new Map<string, Map<string, Count>>();

  constructor(ways: readonly string[]) {
    this.#ways = ways;
  }

  async count(way: string, { title }: InjectedFault, point: () => Promise<void>): Promise<void> {
    const counts = this.#counts.get(title) ?? new Map<string, Count>();
    this.#counts.set(title, counts);
    const count = counts.get(way) ?? { tried: 0, converged: 0 };
    counts.set(way, count);
    count.tried += 1;
    await point();
    count.converged += 1;
  }

  render(): string {
    const rows = [...this.#counts].map(([title, counts]) =>
      this.#row(
        `request ${title}`,
        this.#ways.map((way) => describeCount(counts.get(way))),
      ),
    );
    const all = [...this.#counts.values()].flatMap((counts) => [...counts.values()]);
    const tried = all.reduce((sum, count) => sum + count.tried, 0);
    const lost = tried - all.reduce((sum, count) => sum + count.converged, 0);
    const verdict = lost === 0 ? 'all of them converged' : `${lost} DID NOT CONVERGE`;
    return `\n${this.#row('converged', this.#ways)}${rows.join('')}\n${tried} points tried, ${verdict}.\n`;
  }

  #row(title: string, columns: readonly string[]): string {
    return `${title.padEnd(66)}${columns.map((column) => column.padStart(22)).join('')}\n`;
  }
}

interface Count {
  tried: number;
  converged: number;
}

function describeCount(count: Count | undefined): string {
  return count === undefined ? '-' : `${count.converged} of ${count.tried}`;
}
