import fc from 'fast-check';

/** One character per byte, without the line breaks that would end the line it stands in. */
export function latin1(maxLength: number): fc.Arbitrary<string> {
  return fc.uint8Array({ maxLength }).map((bytes) =>
    Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/[\r\n]/g, ''),
  );
}

/** The words of a list, which may be written over several lines. */
export function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** The lines of a list written over several lines. */
export function linesOf(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}
