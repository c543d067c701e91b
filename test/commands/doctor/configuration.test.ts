import { expect, it } from 'vitest';
import { findCut } from '../../../server/commands/doctor/check-configuration.ts';

it.each([
  ['A=one#two', ['A']],
  ['A=one"#two', ['A']],
  ['export A: one#two # three\nB=1', ['A']],
  ['A=one#two\nA="one#two"', []],
  ['A="one"#two\nB=\'one#two\'#', []],
  ['A=one #two\nB=#two\nC= #two', []],
])('of %j those values are named that end at a #, as if it were meant', (text, cut) => {
  expect(findCut(text)).toEqual(cut);
});
