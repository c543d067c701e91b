import type { Visitor } from './visitor.ts';
import type { VisitorLimits } from './demo-limits.ts';

interface Search {
  visitors: Iterable<Visitor>;
  sizeOf: (visitor: Visitor) => number;
  limits: Pick<VisitorLimits, 'recentMs' | 'recentUnclaimedMs'>;
  now: number;
}

/**
 * Whose world may end for a newcomer's: the emptiest of those that nobody looks at and nobody came to
 * lately, one whose cookie never came back before all others. Undefined: there is none.
 */
export function findDispensable({ visitors, sizeOf, limits, now }: Search): Visitor | undefined {
  const isLeft = ({ open, isClaimed, lastVisitAt }: Visitor) =>
    open.size === 0 && now - lastVisitAt > (isClaimed ? limits.recentMs : limits.recentUnclaimedMs);
  const byWorth = (a: Visitor, b: Visitor) =>
    Number(a.isClaimed) - Number(b.isClaimed) ||
    sizeOf(a) - sizeOf(b) ||
    a.lastVisitAt - b.lastVisitAt;
  return [...visitors].filter(isLeft).toSorted(byWorth)[0];
}
