/** Networks to plan with. */
import type { WantedNetwork } from '../../../../src/agent/network/wanted.ts';
import { type Cidr, parseCidr, parseIpv4 } from '../../../../src/wire/ipv4.ts';

export function cidrOf(text: string): Cidr {
  const found = parseCidr(text);
  if (found === null) throw new Error(`${text} is no range`);
  return found;
}

export function addressOf(text: string): number {
  const found = parseIpv4(text);
  if (found === null) throw new Error(`${text} is no address`);
  return found;
}

export const INNER: WantedNetwork = {
  id: '01900000-0000-7000-8000-000000000001',
  alias: 'holdfast:inner',
  bridge: 'hfwxyzbinner234',
  cidr: cidrOf('10.1.0.0/24'),
  outside: false,
  nics: [
    {
      tap: 'hfwxyztnic22222',
      mac: '52:54:00:00:00:01',
      address: addressOf('10.1.0.2'),
      alias: 'holdfast:a/eth0',
    },
    {
      tap: 'hfwxyztnic33333',
      mac: '52:54:00:00:00:02',
      address: addressOf('10.1.0.3'),
      alias: 'holdfast:b/eth0',
    },
  ],
};

export const OUTER: WantedNetwork = {
  id: '01900000-0000-7000-8000-000000000002',
  alias: 'holdfast:outer',
  bridge: 'hfwxyzbouter234',
  cidr: cidrOf('10.2.0.0/16'),
  outside: true,
  nics: [
    {
      tap: 'hfwxyztnic44444',
      mac: '52:54:00:00:00:03',
      address: addressOf('10.2.7.9'),
      alias: 'holdfast:a/eth1',
    },
  ],
};
