import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createTerminal } from '../../../server/features/terminal/index.ts';
import { ATTEMPT_FAILED } from '../../../server/inbox/handle-event.ts';
import { createLog } from '../../../server/log.ts';

const config = { production: false, logLevel: 'info' };

function createScreen(isTTY: boolean) {
  const shown: string[] = [];
  const write = (text: string) => shown.push(stripVTControlCharacters(text)) > 0;
  return { shown, terminal: createTerminal({ isTTY, write }) };
}

function capture({ logLevel = 'info' } = {}) {
  const { shown, terminal } = createScreen(true);
  const destination = terminal.terminal?.({ ...config, logLevel });
  return { shown, destination, log: createLog(logLevel, destination) };
}

describe('the log on a terminal', () => {
  it('is one line: time, level, message and details', () => {
    const { shown, log } = capture();
    log.warn({ installationId: 'i1', attempt: 2 }, 'It went wrong.');
    expect(shown.join('')).toMatch(
      /^\d\d:\d\d:\d\d WARN {2}It went wrong\. installationId=i1 attempt=2\n$/,
    );
  });

  it('takes a detail that is called like a part of every line', () => {
    const { shown, log } = capture();
    log.info({ time: '10:00', level: 'gold' }, 'A meeting.');
    expect(shown.join('')).toContain(' INFO  A meeting. time_=10:00 level_=gold\n');
  });

  it('has the stack of an error below it, with its cause', () => {
    const { shown, log } = capture();
    log.error({ error: new Error('outer', { cause: new Error('inner') }) }, 'It failed.');
    const [head, first, ...rest] = shown.join('').split('\n');
    expect(head).toMatch(/ERROR It failed\.$/);
    expect(first).toBe('    Error: outer');
    expect(rest.join('\n')).toMatch(/ {4}caused by\n {4}Error: inner\n/);
  });

  it('is not steered by what others wrote, and masks the same fields', () => {
    const { shown, log } = capture();
    log.info({ path: '/a\u001b[2Jb\nc', token: 'do-not-print' }, 'odd\u001b]0;title\u0007');
    expect(shown.join('')).toContain('odd?]0;title? path=/a?[2Jb?c token=[Redacted]');
  });

  it('says of a file that was changed what became of it, a line a line', () => {
    const { shown, log } = capture();
    log.info({ change: 'taken' }, 'Your bot was swapped in.');
    log.info({ change: 'failed' }, 'on-message.ts(3,1)\nYour bot stays as it was.');
    expect(shown[0]).toMatch(/^\d\d:\d\d:\d\d {2}↻ Your bot was swapped in\.\n$/);
    expect(shown[1]).toMatch(/ ✗ on-message\.ts\(3,1\)\n +Your bot stays as it was\.\n$/);
  });

  it('leaves out the failed attempt that is told with what the customer wrote, but for debugging', () => {
    const usual = capture();
    usual.log.warn({}, ATTEMPT_FAILED);
    expect(usual.shown.join('')).toBe('');
    const debugging = capture({ logLevel: 'debug' });
    debugging.log.warn({}, ATTEMPT_FAILED);
    expect(debugging.shown.join('')).toContain(ATTEMPT_FAILED);
  });

  it('stays JSON in production, and where no terminal is', () => {
    const inProduction = { ...config, production: true };
    expect(createScreen(true).terminal.terminal?.(inProduction)).toBeUndefined();
    expect(createScreen(false).terminal.terminal?.(config)).toBeUndefined();
  });
});

describe('the start on a terminal', () => {
  it('names the sandbox and where to go first', () => {
    const { shown, destination } = capture();
    destination?.announce({
      version: '1.0.0',
      publicUrl: 'http://localhost:3000',
      sandboxUrl: 'http://localhost:3100',
      places: [{ name: 'Play', address: 'http://localhost:3000/play', note: 'chat' }],
    });
    expect(shown.join('')).toMatch(
      /sandbox mode .*\n\n.*➜ Bot +http:\/\/localhost:3000\n.*Sandbox .*:3100 .*\n.*Play .*\/play +chat\n.*Edit /,
    );
  });
});
