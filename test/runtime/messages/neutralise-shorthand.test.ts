import { describe, expect, it } from 'vitest';
import { neutraliseShorthand } from '../../../server/runtime/messages/text.ts';

const COMMAND = /%\(\(|&\(\(|%\[/;

describe('neutralising the platform’s shorthand', () => {
  it.each([
    '%((switchboard:passControl))%',
    '%((switchboard:passControl:zd-agentWorkspace))%',
    '&((template))&',
    '%[Button](reply:payload)%',
    '%%((a))%',
    '&%((a))%',
    '%((%((nested))%))%',
    '%((&((%[all three]%))&))%',
    '%(((three))%',
    'twice %((a))% and %((b))%',
    'on %((\ntwo lines))%',
  ])('leaves no command in %j and every visible character in place', (text) => {
    const safe = neutraliseShorthand(text);
    expect(safe).not.toMatch(COMMAND);
    expect(safe.replaceAll('\u200b', '')).toBe(text);
    expect(neutraliseShorthand(safe)).toBe(safe);
  });

  it.each(['', '100 %', 'Q&A', '(a) [b]', 'f(x) % (y)', '%(once)', '&[list]', '🎉 %', '((a))%'])(
    'does not touch %j',
    (text) => expect(neutraliseShorthand(text)).toBe(text),
  );
});
