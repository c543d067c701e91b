import { describe, expect, it } from 'vitest';
import { explainNgrokError } from '../../server/commands/tunnel/ngrok.ts';
import { ngrok } from '../../server/commands/tunnel/variables.ts';

const TOKEN = '2aBcDeFgHiJkLmNoPqRsTuVwXyZ_secret';

describe('an error of ngrok', () => {
  it.each([
    ['ERR_NGROK_105', 'refuses NGROK_AUTHTOKEN'],
    ['ERR_NGROK_107', 'refuses NGROK_AUTHTOKEN'],
    ['ERR_NGROK_4018', 'refuses NGROK_AUTHTOKEN'],
    ['ERR_NGROK_108', 'as many tunnels open as it may'],
    ['ERR_NGROK_334', 'in use by another tunnel'],
    ['ERR_NGROK_99999', 'ngrok refused'],
  ])('%s says what to do and never the token', (code, words) => {
    const theirs = new Error(
      `failed to connect session: The authtoken is not right.\nYour authtoken: ${TOKEN}\n\n${code}\n`,
    );
    const { message, cause } = explainNgrokError(theirs);
    expect(message).toContain(words);
    expect(message).toContain(`https://ngrok.com/docs/errors/${code.toLowerCase()}`);
    expect(message).not.toContain(TOKEN);
    expect(cause).toBeUndefined();
  });

  it('without a code is the network', () => {
    const theirs = new Error('failed to connect session: failed to establish tcp connection');
    expect(explainNgrokError(theirs).message).toContain('could not be reached');
  });
});

describe('NGROK_DOMAIN', () => {
  const { NGROK_DOMAIN } = ngrok.environment.variables;

  it.each(['my-bot.ngrok.app', 'https://My-Bot.ngrok.app/'])('may be written %s', (written) => {
    expect(NGROK_DOMAIN.parse(written)).toBe('my-bot.ngrok.app');
  });

  it.each(['my-bot', 'http://my-bot.ngrok.app', 'my-bot.ngrok.app/path', 'a b.c'])(
    'is not %s',
    (written) => expect(NGROK_DOMAIN.safeParse(written).success).toBe(false),
  );
});
