/** Clocks of two machines may make a time negative: that counts as 0. */
export function spellDuration(ms: number): string {
  const positive = Math.max(0, Math.round(ms));
  return positive < 1_000 ? `${positive} ms` : `${(positive / 1_000).toFixed(1)} s`;
}
