/** Shorter names are one letter away from too much that others set. */
const SHORTEST = 6;

/**
 * What somebody seems to have meant for one of our variables, which has no value: a slip of the hand away from
 * it, another case, or one instead of several. A sentence each.
 */
export function findMisspelt(
  given: Record<string, string | undefined>,
  names: readonly string[],
): string[] {
  const known = new Set(names);
  const missing = names.filter((name) => name.length >= SHORTEST && given[name] === undefined);
  return Object.keys(given)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const meant = missing.find((one) => isSlip(stem(name), stem(one)));
      return meant === undefined ? [] : `The app does not read ${name}: is ${meant} meant?`;
    });
}

const stem = (name: string): string => name.toUpperCase().replace(/(?:IES|Y|S)$/, '');

/** Whether they differ by a letter more, less or another, two that have changed places, or not at all. */
function isSlip(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const [left, right] = [short.slice(same), long.slice(same)];
  const swapped = `${right[1]}${right[0]}${right.slice(2)}`;
  return right.slice(1) === left || right.slice(1) === left.slice(1) || swapped === left;
}
