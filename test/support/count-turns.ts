/** How many turns of the event loop others had until the work was done. */
export async function countTurns(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  function count(): void {
    turns += 1;
    if (!isDone) setImmediate(count);
  }
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}
