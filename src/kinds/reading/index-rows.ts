/** Indexes rows by a key that several may share. Rows without a key are left out. */
export function indexRows<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | null,
): ReadonlyMap<string, readonly Row[]> {
  const indexed = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    const others = indexed.get(key);
    if (others === undefined) indexed.set(key, [row]);
    else others.push(row);
  }
  return indexed;
}
