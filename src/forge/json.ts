/** A parsed JSON value that is read without trust in its shape. */
export class Json {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }

  at(...path: readonly string[]): Json {
    let value = this.value;
    for (const key of path) {
      const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
      value = isThere ? (value as Record<string, unknown>)[key] : undefined;
    }
    return new Json(value);
  }

  /** Returns the entries, or none if the value is not a list. */
  get list(): readonly Json[] {
    return Array.isArray(this.value) ? this.value.map((entry) => new Json(entry)) : [];
  }

  /** Returns the text, or `''` if the value is not a string. */
  get text(): string {
    return typeof this.value === 'string' ? this.value : '';
  }
}

/** Returns the ids in a list of commits. */
export function commitsIn(commits: Json): string[] {
  return commits.list.map((commit) => commit.at('id').text).filter(isSha);
}

export function isSha(text: string): boolean {
  return /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);
}
