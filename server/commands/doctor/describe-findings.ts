import type { Finding } from './finding.ts';

/** One line each, and a last one that counts. What others named must not steer the terminal. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = findings.map(({ check, status, text, fix }) => {
    const remedy = fix === undefined ? '' : ` → ${fix}`;
    return `${status.padEnd(8)} ${`${check}: ${text}${remedy}`.replace(/[\s\p{Cc}]+/gu, ' ')}`;
  });
  const problems = findings.filter(({ status }) => status === 'problem').length;
  const total =
    problems === 0 ? 'No problem found.' : `${problems} problem${problems === 1 ? '' : 's'} found.`;
  return [...lines, '', total].join('\n');
}
