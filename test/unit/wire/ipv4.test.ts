import { describe, expect, it } from 'vitest';
import {
  broadcastOf,
  contains,
  formatCidr,
  formatIpv4,
  gatewayOf,
  isUnicast,
  maskOf,
  overlaps,
  parseCidr,
  parseIpv4,
} from '../../../src/wire/ipv4.ts';

function cidr(text: string) {
  const found = parseCidr(text);
  if (found === null) throw new Error(`${text} is no range`);
  return found;
}

describe('addresses', () => {
  it.each([
    ['0.0.0.0', 0],
    ['10.77.0.1', 0x0a4d0001],
    ['255.255.255.255', 0xffffffff],
  ])('%s is a number and back', (text, number) => {
    expect(parseIpv4(text)).toBe(number);
    expect(formatIpv4(number)).toBe(text);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.-4',
    '1.2.3.4 ',
    '1.2.3.1e1',
    '::1',
    '1..2.3',
  ])('"%s" is none', (text) => {
    expect(parseIpv4(text)).toBeNull();
  });
});

describe('ranges', () => {
  it('know their ends', () => {
    const range = cidr('192.168.4.77/22');
    expect(formatCidr(range)).toBe('192.168.4.0/22');
    expect(formatIpv4(gatewayOf(range))).toBe('192.168.4.1');
    expect(formatIpv4(broadcastOf(range))).toBe('192.168.7.255');
    expect(formatIpv4(maskOf(range))).toBe('255.255.252.0');
    expect(formatIpv4(maskOf(cidr('0.0.0.0/0')))).toBe('0.0.0.0');
    expect(formatIpv4(broadcastOf(cidr('255.255.255.255/32')))).toBe('255.255.255.255');
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '/8',
    '10.0.0.0/',
  ])('"%s" is none', (text) => {
    expect(parseCidr(text)).toBeNull();
  });

  it('contain their addresses and no others', () => {
    const range = cidr('10.0.0.8/29');
    const inside = (text: string) => contains(range, parseIpv4(text) ?? -1);
    expect(['10.0.0.7', '10.0.0.8', '10.0.0.15', '10.0.0.16'].map(inside)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.0.0/24', '10.0.0.0/24', true],
    ['128.0.0.0/1', '255.0.0.0/8', true],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlaps(cidr(a), cidr(b))).toBe(expected);
    expect(overlaps(cidr(b), cidr(a))).toBe(expected);
  });

  it.each([
    ['10.0.0.0/16', true],
    ['8.8.8.0/24', true],
    ['223.255.0.0/16', true],
    ['0.1.0.0/16', false],
    ['127.0.0.0/16', false],
    ['169.254.9.0/24', false],
    ['224.0.0.0/24', false],
    ['255.255.255.248/29', false],
  ])('%s can be hosts: %s', (text, expected) => {
    expect(isUnicast(cidr(text))).toBe(expected);
  });
});
