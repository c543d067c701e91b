import { describe, expect, it } from 'vitest';
import { createLog } from '../server/log.ts';
import { addLogDetails } from '../server/log.ts';
import { SECRET_FIELDS } from './support/secrets/secret-fields.ts';

function capture() {
  const printed: string[] = [];
  const destination = { write: (line: string) => void printed.push(line) };
  return { printed, log: createLog('info', destination) };
}

describe('the log', () => {
  it('is one JSON object a line', () => {
    const { printed, log } = capture();
    log.info({ requestId: 'r1' }, 'first');
    log.warn({}, 'second');

    expect(printed.map((line): unknown => JSON.parse(line))).toEqual([
      { level: 30, time: expect.any(Number), requestId: 'r1', msg: 'first' },
      { level: 40, time: expect.any(Number), msg: 'second' },
    ]);
  });

  it.each(SECRET_FIELDS)('masks %s, should it ever get there', (field) => {
    const { printed, log } = capture();
    log.info({ [field]: 'do-not-print', headers: { [field]: 'do-not-print' } }, 'careless');

    expect(printed.join('')).not.toContain('do-not-print');
    expect(printed.join('').match(/\[Redacted\]/g)).toHaveLength(2);
  });

  it('leaves everything else as it is', () => {
    const { printed, log } = capture();
    const details = { at: new Date(0), list: ['a', { b: 1 }], none: null, inside: { n: true } };
    log.info(details, 'plain');
    expect(JSON.parse(printed[0] ?? '')).toMatchObject(JSON.parse(JSON.stringify(details)));
    expect(JSON.parse(printed[0] ?? '').list).toEqual(details.list);
  });

  it('writes of an error what is known to be harmless, and not what libraries attach to it', () => {
    const { printed, log } = capture();
    const cause = Object.assign(new Error('refused'), { response: { body: 'do-not-print' } });
    const error = Object.assign(new Error('failed', { cause }), {
      code: 'ECONNRESET',
      body: 'do-not-print',
    });
    log.error({ error }, 'It failed.');

    expect(JSON.parse(printed[0] ?? '')).toMatchObject({
      error: { message: 'failed', code: 'ECONNRESET', cause: { message: 'refused' } },
    });
    expect(printed.join('')).not.toContain('do-not-print');
  });

  it.each(['err', 'cause', 'reason'])('writes no more of one that is called %s', (name) => {
    const { printed, log } = capture();
    const error = Object.assign(new Error('failed'), { request: { sent: 'do-not-print' } });
    log.error({ [name]: error, inside: { [name]: error } }, 'It failed.');

    const shown = { name: 'Error', message: 'failed', stack: expect.any(String) };
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({
      [name]: shown,
      inside: { [name]: shown },
    });
    expect(printed.join('')).not.toContain('do-not-print');
  });

  it('takes an error in the place of details for one that is called error', () => {
    const { printed, log } = capture();
    const error = Object.assign(new Error('failed'), { request: { sent: 'do-not-print' } });
    log.error(error, 'It failed.');
    addLogDetails(log, { eventId: 'e1' }).error(error, 'It failed.');

    const shown = { name: 'Error', message: 'failed', stack: expect.any(String) };
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({ error: shown, msg: 'It failed.' });
    expect(JSON.parse(printed[1] ?? '')).toMatchObject({ error: shown, eventId: 'e1' });
    expect(printed.join('')).not.toContain('do-not-print');
  });

  it('keeps what it says of every line apart from a detail of the same name', () => {
    const { printed, log } = capture();
    log.info({ level: 'gold', time: '10:00', msg: 'Hello' }, 'A meeting.');

    expect(printed[0]?.match(/"(level|time|msg)":/g)).toHaveLength(3);
    expect(JSON.parse(printed[0] ?? '')).toEqual({
      level: 30,
      time: expect.any(Number),
      msg: 'A meeting.',
      level_: 'gold',
      time_: '10:00',
      msg_: 'Hello',
    });
  });

  it('knows an error also by what it inherits from, as those of libsql are made', () => {
    const { printed, log } = capture();
    const error = Object.assign(Object.create(Error.prototype), {
      message: 'database or disk is full',
      code: 'SQLITE_FULL',
    });
    log.error({ error }, 'It failed.');

    expect(JSON.parse(printed[0] ?? '')).toMatchObject({
      error: { message: 'database or disk is full', code: 'SQLITE_FULL' },
    });
  });

  it('ends also where the causes of an error lead back to it', () => {
    const { printed, log } = capture();
    const error = new Error('inner');
    error.cause = new Error('outer', { cause: error });
    log.error({ error }, 'round');
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({
      error: { message: 'inner', cause: { message: 'outer', cause: { message: 'inner' } } },
    });
  });

  it('can carry the same details on every line', () => {
    const { printed, log } = capture();
    const about = addLogDetails(log, { installationId: 'i1', eventId: 'e1' });
    about.info({}, 'one');
    about.warn({ attempt: 2 }, 'two');
    about.error({}, 'three');

    for (const line of printed)
      expect(JSON.parse(line)).toMatchObject({ installationId: 'i1', eventId: 'e1' });
    expect(JSON.parse(printed[1] ?? '')).toMatchObject({ attempt: 2 });
  });
});
