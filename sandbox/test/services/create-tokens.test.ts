import { expect, it } from 'vitest';
import { createTokens } from '../../src/oauth/create-tokens.ts';

it('of an app that asks for tokens without end, the newest thousand live', () => {
  const state = { grants: new Map(), accessTokens: new Map() };
  const tokens = createTokens({ state, announce: () => {}, worldSuffix: '' });
  const issue = () => tokens.issueToApplication('app', []);
  const [first, second] = [issue(), issue()];
  for (let n = 2; n < 1_001; n += 1) issue();
  expect(tokens.find(first)).toBeUndefined();
  expect(tokens.find(second)).toBeDefined();
});
