/** Networks on a real host: what the agent makes, lets through and takes away. */
import { describe, expect, it } from 'vitest';
import { fleet } from '../support/fleet.ts';

describe("a host's networks", () => {
  it('carry what a guest may send, and nothing else; they are mended, and gone when nobody needs them', async () => {
    const { lab } = (await fleet()).emulated('5.10');
    const program = ['node', 'test/lab/inside/networks.ts'];
    const { code, stdout, stderr } = await lab.exec(program, { timeoutMs: 200_000 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const found = JSON.parse(stdout);

    // Two bridges, three taps, and what others made.
    const ours = expect.stringMatching(/^hf[a-z2-7]{4}[bt][a-z2-7]{8}$/);
    const tables = ['table bridge holdfast', 'table inet holdfast', 'table inet other'];
    expect(found.after).toEqual({ interfaces: ['hf-other', ours, ours, ours, ours, ours], tables });

    expect(found.leases).toEqual({
      a: ['dhcp 2 10.1.0.2 from 10.1.0.1 to 10.1.0.255', 'dhcp 5 10.1.0.2 from 10.1.0.1 to 10.1.0.255'],
      other: 'dhcp 6 0.0.0.0 from 10.1.0.1 to 10.1.0.255',
      c: 'dhcp 2 10.2.0.9 from 10.2.0.1 to 10.2.0.255',
    });
    // No forged MAC, address or ARP, no IPv6, no VLAN, no DHCP server.
    expect(found.seenByB).toEqual(['udp fair from 10.1.0.2', 'echo request 4 from 10.1.0.2']);
    // The host answers for itself; its services hear nothing.
    expect(found.fromHost).toEqual([
      expect.stringMatching(/^arp 10\.1\.0\.1 answers/),
      'echo reply 5 from 10.1.0.1',
    ]);
    expect(found.heard).toEqual([]);
    expect(found.seenByC).toEqual(['echo reply 7 from 192.0.2.2']);
    expect(found.seenByA).toEqual(['echo reply 10 from 10.1.0.1']);

    expect(found.madeAgain).toEqual([]);
    expect(found.mended).toEqual({ interfaces: 6, tables });
    expect(found.stillLeased).toBe('dhcp 2 10.1.0.2 from 10.1.0.1 to 10.1.0.255');
    expect(found.conflict).toEqual({
      code: 'NETWORK_NOT_AVAILABLE',
      detail: expect.stringContaining("192.0.2.0/24 overlaps 192.0.2.1/30 of the host's interface veth0"),
    });
    expect(found.tunless).toEqual({
      code: 'NETWORK_NOT_AVAILABLE',
      detail: 'the host has no /dev/net/tun: load its kernel module "tun"',
    });
    expect(found.end).toEqual({ interfaces: ['hf-other'], tables: ['table inet other'] });
  });
});
