import type { Fault } from '../fault.ts';

/** A fault and the offset in the text at which it is. */
export class Misplaced {
  readonly at: number;
  readonly fault: Fault;
  constructor(at: number, fault: Fault) {
    this.at = at;
    this.fault = fault;
  }
}
