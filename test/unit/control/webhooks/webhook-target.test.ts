import { describe, expect, it } from 'vitest';
import { checkUrl, mayReach } from '../../../../src/control/webhooks/webhook-target.ts';

describe('where webhooks may go', () => {
  it.each([
    '93.184.215.14',
    '1.1.1.1',
    '2606:4700:4700::1111',
    // The same as 93.184.215.14.
    '::ffff:93.184.215.14',
  ])('to %s, which is public, by https alone', (address) => {
    expect(mayReach(address, 'https:', [])).toBe(true);
    expect(mayReach(address, 'http:', [])).toBe(false);
    expect(mayReach(address, 'http:', ['10.0.0.0/8'])).toBe(false);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::a00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:a00:1::1',
    '3fff::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('not to %j', (address) => {
    expect(mayReach(address, 'https:', [])).toBe(false);
  });

  it('into the networks that are configured, by http too, and into no other', () => {
    const networks = ['10.2.0.0/16', 'fd00::/8'];
    for (const address of ['10.2.3.4', '::ffff:10.2.3.4', 'fd12::1']) {
      expect(mayReach(address, 'http:', networks)).toBe(true);
      expect(mayReach(address, 'https:', networks)).toBe(true);
    }
    for (const address of ['10.3.0.1', '169.254.169.254', '::1']) {
      expect(mayReach(address, 'https:', networks)).toBe(false);
    }
  });

  it.each([
    ['https://example.com/hook?x=1', true],
    ['https://93.184.215.14:8443/', true],
    ['https://[2606:4700:4700::1111]/', true],
    ['http://example.com/', false],
    ['https://2130706433/', false],
    ['https://0177.0.0.1/', false],
    ['https://127.1/', false],
    ['https://[::ffff:7f00:1]/', false],
    ['file:///etc/passwd', false],
    ['gopher://example.com/', false],
    ['//example.com/', false],
    ['https://', false],
    ['https://user@example.com/', false],
  ])('checks %s before it is stored', (url, taken) => {
    if (taken) expect(checkUrl(url, []).href).toContain('https://');
    else expect(() => checkUrl(url, [])).toThrow();
  });
});
