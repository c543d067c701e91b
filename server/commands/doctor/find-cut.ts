import { ASSIGNMENT } from '../../config/env-file.ts';

/** Of an `.env`: dotenv ends a value without quotes where a # is, which may be meant as a part of it. */
export function findCut(text: string): string[] {
  const cut = new Set<string>();
  const assignments = text.replace(/\r\n?/g, '\n').matchAll(ASSIGNMENT);
  for (const [assignment, name = '', value = ''] of assignments) {
    // Of several the last one counts.
    cut.delete(name);
    if (/^\s*[^\s'"`].*(?<=\S)$/.test(value) && assignment.includes('#')) cut.add(name);
  }
  return [...cut];
}
