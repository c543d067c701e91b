/** Writes items one after the other, so that one that cannot be written does not fail its neighbours. */
export async function writeOneByOne<Item>(
  items: readonly Item[],
  write: (item: Item) => Promise<void>,
): Promise<PromiseSettledResult<void>[]> {
  const results = [];
  for (const item of items) results.push(...(await Promise.allSettled([write(item)])));
  return results;
}
