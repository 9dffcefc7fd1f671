import type { Fault } from '../fault.ts';

/** A fault and its offset in the text. */
export class Misplaced {
  readonly at: number;
  readonly fault: Fault;
  constructor(at: number, fault: Fault) {
    this.at = at;
    this.fault = fault;
  }
}
