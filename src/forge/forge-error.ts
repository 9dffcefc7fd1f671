/** A request to a forge that failed. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  /** The status of the answer. Null if there was no usable answer. */
  readonly status: number | null;
  /** True if the forge was overloaded, down or out of reach until the last attempt. A later run may succeed. */
  readonly isPassing: boolean;
  constructor(message: string, status: number | null, isPassing = false) {
    super(message);
    this.status = status;
    this.isPassing = isPassing;
  }
}
