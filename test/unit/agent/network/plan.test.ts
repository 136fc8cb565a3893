import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Link, parseLinks, planLinks } from '../../../../src/agent/network/links.ts';
import { bridgeMac, InterfaceNames } from '../../../../src/agent/network/names.ts';
import { parseResolvers } from '../../../../src/agent/network/resolvers.ts';
import { ruleset } from '../../../../src/agent/network/ruleset.ts';
import { wantedNetworks } from '../../../../src/agent/network/wanted.ts';
import type { RunSpec } from '../../../../src/wire/agent.ts';
import { formatIpv4 } from '../../../../src/wire/ipv4.ts';
import { type KeptRunFile, keptRunFile, PROTOCOL } from '../../../../src/worker/protocol.ts';
import { runSpec } from '../../../peer/runs.ts';
import { INNER, OUTER } from './wanted.ts';

/** Takes the interfaces of the samples for its own, whatever the state directory's digest is. */
class SampleNames extends InterfaceNames {
  override prefix(kind: 'bridge' | 'tap') {
    return kind === 'bridge' ? 'hfwxyzb' : 'hfwxyzt';
  }
}
const NAMES = new SampleNames('/state');

const NO_DATA = { type: '', vnet_hdr: false, persist: false, mcast_snooping: 0 };

const ETH0: Link = {
  ...{ ifname: 'eth0', flags: ['UP'], master: '' },
  linkinfo: { info_kind: '', info_data: NO_DATA },
  addr_info: [{ family: 'inet', local: '192.168.1.5', prefixlen: 24 }],
};

function bridge(ifname: string, address: string, prefixlen: number, data: object = {}): Link {
  return {
    ...{ ifname, flags: ['BROADCAST', 'UP'], master: '' },
    linkinfo: { info_kind: 'bridge', info_data: { ...NO_DATA, ...data } },
    addr_info: [{ family: 'inet', local: address, prefixlen }],
  };
}

function tap(ifname: string, master: string, data: object = {}): Link {
  return {
    ...{ ifname, flags: ['UP'], master, addr_info: [] },
    linkinfo: {
      info_kind: 'tun',
      info_data: { ...NO_DATA, type: 'tap', vnet_hdr: true, persist: true, ...data },
    },
  };
}

describe('names of interfaces', () => {
  const names = new InterfaceNames('/var/lib/holdfast');

  it('fit, are stable, and differ by what they are for', () => {
    const all = [
      names.bridge('n1'),
      names.bridge('n2'),
      names.tap('vm', 'a'),
      names.tap('vm', 'b'),
      names.tap('w', 'a'),
    ];
    for (const name of all) expect(name).toMatch(/^hf[a-z2-7]{4}[bt][a-z2-7]{8}$/);
    expect(new Set(all).size).toBe(all.length);
    expect(new InterfaceNames('/var/lib/holdfast').tap('vm', 'a')).toBe(names.tap('vm', 'a'));
  });

  it('tell whose they are', () => {
    const other = new InterfaceNames('/elsewhere');
    expect(names.kind(names.bridge('n'))).toBe('bridge');
    expect(names.kind(names.tap('v', 'n'))).toBe('tap');
    for (const name of [
      other.bridge('n'),
      other.tap('v', 'n'),
      'eth0',
      'br0',
      names.tap('v', 'n').slice(0, -1),
    ]) {
      expect(names.kind(name)).toBeNull();
    }
  });

  it('give a bridge a unicast MAC of its own', () => {
    expect(bridgeMac('n')).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    expect(bridgeMac('n')).not.toBe(bridgeMac('m'));
  });
});

describe('what is wanted', () => {
  function file(nics: RunSpec['nics'], taps: string[]): KeptRunFile {
    const run = runSpec({ nics });
    const made = nics.map(({ name }, index) => ({ name, tap: taps[index] }));
    return keptRunFile({ protocol: PROTOCOL, run, kernelPath: '', initramfsPath: null, nics: made }, '');
  }
  const network = { id: INNER.id, name: 'in\nner', cidr: '10.1.0.0/24', outside: false };

  it('is each network once, with the NICs of all runs, and names that are one word', () => {
    const nic = (address: string) => ({ name: 'eth 0', mac: '52:54:00:00:00:01', network, address });
    const wanted = wantedNetworks([file([nic('10.1.0.3')], ['t2']), file([nic('10.1.0.2')], ['t1'])], NAMES);
    expect(wanted).toMatchObject([{ bridge: NAMES.bridge(INNER.id), alias: 'holdfast:in_ner' }]);
    expect(wanted[0]?.nics.map((one) => [one.tap, formatIpv4(one.address)])).toEqual([
      ['t1', '10.1.0.2'],
      ['t2', '10.1.0.3'],
    ]);
    expect(wanted[0]?.nics[0]?.alias).toMatch(/^holdfast:[0-9a-f-]{36}\/eth_0$/);
  });
});

describe('the plan', () => {
  it('makes everything on a bare host, and raises it only after', () => {
    const plan = planLinks([INNER], [ETH0], NAMES);
    expect(plan.make).toEqual([
      `link add name ${INNER.bridge} address ${bridgeMac(INNER.id)} type bridge mcast_snooping 0`,
      `link set dev ${INNER.bridge} alias holdfast:inner`,
      `address replace 10.1.0.1/24 broadcast + dev ${INNER.bridge}`,
      'tuntap add dev hfwxyztnic22222 mode tap vnet_hdr',
      `link set dev hfwxyztnic22222 alias holdfast:a/eth0 master ${INNER.bridge}`,
      'tuntap add dev hfwxyztnic33333 mode tap vnet_hdr',
      `link set dev hfwxyztnic33333 alias holdfast:b/eth0 master ${INNER.bridge}`,
    ]);
    expect(plan.raise).toEqual([
      `link set dev ${INNER.bridge} up`,
      'link set dev hfwxyztnic22222 up',
      'link set dev hfwxyztnic33333 up',
    ]);
    expect(plan.remove).toEqual([]);
    expect(plan.refused.size).toBe(0);
  });

  it('does nothing where everything is as it should be', () => {
    const found = [
      ETH0,
      bridge(INNER.bridge, '10.1.0.1', 24),
      tap('hfwxyztnic22222', INNER.bridge),
      tap('hfwxyztnic33333', INNER.bridge),
    ];
    expect(planLinks([INNER], found, NAMES)).toEqual({ make: [], raise: [], remove: [], refused: new Map() });
  });

  it('goes on from wherever another pass was cut', () => {
    const down = { ...bridge(INNER.bridge, '10.9.0.1', 24, { mcast_snooping: 1 }), flags: [] };
    const found = [
      down,
      { ...tap('hfwxyztnic22222', ''), flags: [] },
      tap('hfwxyztnic33333', 'br0', { vnet_hdr: false }),
    ];
    const plan = planLinks([INNER], found, NAMES);
    expect(plan.make).toEqual([
      `link set dev ${INNER.bridge} type bridge mcast_snooping 0`,
      `address replace 10.1.0.1/24 broadcast + dev ${INNER.bridge}`,
      `link set dev hfwxyztnic22222 master ${INNER.bridge}`,
      'link delete dev hfwxyztnic33333',
      'tuntap add dev hfwxyztnic33333 mode tap vnet_hdr',
      `link set dev hfwxyztnic33333 alias holdfast:b/eth0 master ${INNER.bridge}`,
    ]);
    expect(plan.raise).toEqual([
      `link set dev ${INNER.bridge} up`,
      'link set dev hfwxyztnic22222 up',
      'link set dev hfwxyztnic33333 up',
    ]);
  });

  it('removes its own that nobody needs, taps first, and nothing else', () => {
    const found = [
      ETH0,
      bridge(OUTER.bridge, '10.2.0.1', 16),
      tap('hfwxyztnic44444', OUTER.bridge),
      tap('tap0', ''),
      bridge('br0', '10.3.0.1', 24),
    ];
    expect(planLinks([], found, NAMES).remove).toEqual([
      'link delete dev hfwxyztnic44444',
      `link delete dev ${OUTER.bridge}`,
    ]);
  });

  it('keeps off addresses that the host has elsewhere', () => {
    const docker = bridge('docker0', '10.1.0.200', 25);
    const plan = planLinks([INNER, OUTER], [ETH0, docker], NAMES);
    expect([...plan.refused]).toEqual([
      [INNER.id, "10.1.0.0/24 overlaps 10.1.0.200/25 of the host's interface docker0"],
    ]);
    expect(plan.make.some((line) => line.includes(INNER.bridge))).toBe(false);
    expect(plan.make.some((line) => line.includes(OUTER.bridge))).toBe(true);
  });

  it('reads what ip prints', () => {
    const links = parseLinks(readFileSync(new URL('addresses.json', import.meta.url), 'utf8'));
    expect(links.map(({ ifname }) => ifname)).toEqual(['lo', 'eth0', 'hf0', 'hft0']);
    expect(links[1]?.addr_info).toEqual([{ family: 'inet', local: '10.0.2.15', prefixlen: 24 }]);
    expect(links[2]?.linkinfo.info_kind).toBe('bridge');
    expect(links[3]).toMatchObject({
      master: 'hf0',
      linkinfo: { info_kind: 'tun', info_data: { type: 'tap', vnet_hdr: true, persist: true } },
    });
    expect(parseLinks('[{}]')).toEqual([]);
    for (const bad of ['', '{}', '[{"ifname":7}]', '[{"ifname":"a","flags":"UP"}]']) {
      expect(() => parseLinks(bad)).toThrow();
    }
  });
});

describe('the rules', () => {
  it('replace both tables in one step, and are gone without networks', () => {
    const gone = ruleset([], NAMES);
    expect(gone).toBe(
      'table inet holdfast\ndelete table inet holdfast\ntable bridge holdfast\ndelete table bridge holdfast\n',
    );
    expect(ruleset([INNER], NAMES).startsWith(gone)).toBe(true);
  });

  it('let only networks that say so reach the outside', () => {
    const rules = ruleset([INNER, OUTER], NAMES);
    expect(rules).toContain(`iifname "${OUTER.bridge}" ip saddr 10.2.0.0/16 accept`);
    expect(rules).toContain('ip saddr 10.2.0.0/16 oifname != "hfwxyzb*" masquerade');
    expect(rules).not.toContain('10.1.0.0/24');
  });

  it('hold each NIC to its MAC and address', () => {
    const rules = ruleset([INNER], NAMES);
    for (const nic of INNER.nics) {
      const chain = rules.slice(rules.indexOf(`chain ${nic.tap} {`)).split('}\n')[0] ?? '';
      expect(chain).toContain(`ether saddr != ${nic.mac} drop`);
      expect(chain).toContain(`ip saddr ${formatIpv4(nic.address)} accept`);
      expect(chain.trimEnd().endsWith('drop')).toBe(true);
      expect(rules).toContain(`"${nic.tap}" : jump ${nic.tap}`);
    }
    expect(rules).toContain('iifname "hfwxyzt*" drop');
  });
});

it('resolvers are those that a guest can reach', () => {
  const text =
    '# nameserver 9.9.9.9\nnameserver 127.0.0.53\nnameserver 10.0.2.3\n nameserver\t1.1.1.1 \nnameserver fe80::1\n';
  expect(parseResolvers(text).map(formatIpv4)).toEqual(['10.0.2.3', '1.1.1.1']);
  expect(parseResolvers('')).toEqual([]);
});
