import { describe, expect, it } from 'vitest';
import { clientKey } from '../../server/web/rate-limits.ts';

describe('what a limit counts a client under', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:50001', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:50001', '203.0.113.7'],
  ])('%s is %s', (written, key) => {
    expect(clientKey(written)).toBe(key);
  });

  it.each([
    ['with a port', '[2001:db8:1:2::7]:50001'],
    ['in brackets', '[2001:db8:1:2::7]'],
    ['of the same customer', '2001:db8:1:9:ffff::1'],
    ['in other letters', '2001:0DB8:0001:0002::7'],
  ])('an IPv6 address %s is the same client', (_name, written) => {
    expect(clientKey(written)).toBe(clientKey('2001:db8:1:2::7'));
  });

  it('tells apart what are two clients', () => {
    expect(clientKey('203.0.113.8:1')).not.toBe(clientKey('203.0.113.7:1'));
    expect(clientKey('2001:db8:2::7')).not.toBe(clientKey('2001:db8:1::7'));
    expect(clientKey('fe80::1%eth0')).toBe(clientKey('fe80::2%eth1'));
  });

  it.each([
    undefined,
    '',
    'unknown',
    '_hidden',
    '203.0.113.7:port',
    '1.2.3',
    '[::1',
    'x'.repeat(99),
  ])('%s is no address, and all of them are one client', (written) => {
    expect(clientKey(written)).toBe(clientKey('junk'));
  });
});
