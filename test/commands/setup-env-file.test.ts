import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToEnvText, readEnvText } from '../../server/commands/setup/env-file.ts';

describe('adding to an .env', () => {
  it('fills the empty line and leaves comments, order and values alone', () => {
    const text = '# first\nA=1\n\n# about B\nB=\nC=3 # three\n';
    expect(addToEnvText(text, { B: '2' })).toBe('# first\nA=1\n\n# about B\nB=2\nC=3 # three\n');
  });

  it('adds at the end what has no line, even after a line without an end', () => {
    expect(addToEnvText('A=1', { B: '2' })).toBe('A=1\nB=2\n');
    expect(addToEnvText('', { B: '2' })).toBe('B=2\n');
  });

  it.each([
    ['an exported line', 'export B=\n', 'export B=2\n'],
    ['an empty quoted line', "B=''\n", 'B=2\n'],
    ['a line with a comment', 'B= # why\n', 'B=2 # why\n'],
    ['lines that end as on Windows', 'A=1\r\nB=\r\nC=\r\n', 'A=1\r\nB=2\r\nC=\r\n'],
    ['the line that counts of two', 'B=\nB=\n', 'B=\nB=2\n'],
  ])('fills %s', (_name, text, expected) => {
    expect(addToEnvText(text, { B: '2' })).toBe(expected);
  });

  it('does not mistake a line within a quoted value for a variable', () => {
    const text = 'KEY="begin\nB=\nend"\n';
    expect(addToEnvText(text, { B: '2' })).toBe(`${text}B=2\n`);
  });

  it('refuses a file in which the addition would be lost', () => {
    expect(() => addToEnvText("A='open\n", { B: '#2' })).toThrow('B cannot be added');
  });

  it('keeps every value that was there, whatever is in the file', () => {
    const value = fc.string({ maxLength: 12 }).map((text) => text.replace(/[\r\n'"`#\\]/g, ''));
    const line = fc.oneof(
      value.map((text) => `# ${text}`),
      fc.tuple(fc.constantFrom('A', 'B', 'C'), value).map(([name, text]) => `${name}=${text}`),
      fc.constant(''),
    );
    fc.assert(
      fc.property(fc.array(line), value, (lines, added) => {
        fc.pre(added.trim() === added && added !== '');
        const text = lines.join('\n');
        const before = readEnvText(text);
        fc.pre(before['B'] === undefined);
        expect(readEnvText(addToEnvText(text, { B: added }))).toEqual({ ...before, B: added });
      }),
      { numRuns: 300 },
    );
  });
});
