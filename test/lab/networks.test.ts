/** Networks on a real host: what the agent makes, lets through and takes away, and guests that use it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/client/client.ts';
import { type Operator, until, type Vm } from '../../src/standalone/operator.ts';
import { fleet, testVm } from '../support/fleet.ts';
import { runInside } from '../support/inside.ts';

/** What nobody needs any more is gone within a few seconds; an emulated host may take its time. */
async function gone(look: () => Promise<string>, what: string): Promise<void> {
  await until(what, async () => ((await look()) === '' ? true : undefined));
}

describe("a host's networks", () => {
  it('carry what a guest may send, and nothing else; they are mended, and gone when nobody needs them', async () => {
    const { lab } = (await fleet()).emulated('5.10');
    const found = await runInside<Record<string, unknown>>(lab, 'networks');

    // Two bridges, three taps, and what others made.
    const ours = expect.stringMatching(/^hf[a-z2-7]{4}[bt][a-z2-7]{8}$/);
    const tables = ['table bridge holdfast', 'table inet holdfast', 'table inet other'];
    expect(found.after).toEqual({ interfaces: ['hf-other', ours, ours, ours, ours, ours], tables });

    expect(found.leases).toEqual({
      a: ['dhcp 2 10.1.0.2 from 10.1.0.1 to 10.1.0.255', 'dhcp 5 10.1.0.2 from 10.1.0.1 to 10.1.0.255'],
      other: 'dhcp 6 0.0.0.0 from 10.1.0.1 to 10.1.0.255',
      c: 'dhcp 2 10.2.0.9 from 10.2.0.1 to 10.2.0.255',
    });
    // All hosts' group, of which nobody tells: so a host says nothing to its guests that they did not ask.
    expect(found.joined).toEqual([['010000E0'], ['010000E0']]);

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
    // 20 at once, and 10 for each second that this took.
    const { sent, asked } = found.floods as { readonly sent: number; readonly asked: number };
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(sent / 2);
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

  it('serve guests: addresses by DHCP, each other, and the outside where they lead there', async () => {
    const service = await fleet();
    const { operator } = service;
    const host = service.emulated('7.3');
    const own = async (): Promise<string> =>
      (await host.lab.exec(['sh', '-c', 'ls /sys/class/net | grep ^hf; nft list tables'])).stdout.trim();
    const [back, front] = [
      await network(operator, { name: 'back', cidr: '10.201.0.0/24', outside: false }),
      await network(operator, { name: 'front', cidr: '10.202.0.0/24', outside: true }),
    ];
    await using outside = await somethingOutside();
    {
      const inBack = { name: 'eth0', network: back.name };
      // Room for what they send: a file system in memory has half of it.
      const memoryMiB = 384;
      await using one = await testVm(service, '7.3', { memoryMiB, nics: [inBack] });
      await using two = await testVm(service, '7.3', {
        memoryMiB,
        nics: [inBack, { name: 'eth1', network: front.name }],
      });
      await Promise.all([one, two].map(({ id }) => operator.act(id, 'start')));
      await Promise.all([told(operator, one, 0), told(operator, two, 0), told(operator, two, 1)]);

      const server = one.nics[0]?.address;
      await pings(operator, two.id, server);
      await operator.shell(one.id, 'head -c 1000000 /dev/urandom >/run/block; echo made $?', /made 0/);
      const serve = 'httpd -p 5000 -h /run/www; md5sum </run/www/file';
      const make = 'mkdir /run/www; for i in $(seq 100); do cat /run/block; done >/run/www/file';
      const sum = /([0-9a-f]{32}) {2}-/;
      const sent = await operator.shell(one.id, `${make}; ${serve}`, sum);
      const fetched = `wget -q -O /run/got http://${server}:5000/file; md5sum </run/got`;
      const received = await operator.shell(two.id, fetched, sum);
      expect(received[1]).toBe(sent[1]);
      await operator.shell(two.id, 'wc -c </run/got; rm /run/got', /^\s*100000000\s*$/m);

      const fetchOutside = `wget -T 5 -O - http://${host.lab.apiAddress}:${outside.port}/`;
      await operator.shell(two.id, fetchOutside.replace('-T 5', '-T 100'), /here is the outside/);
      // With a way that it was not given, it gets no further.
      const withRoute = 'ip route add default via 10.201.0.1';
      await operator.shell(
        one.id,
        `${fetchOutside} || ${withRoute} && ${fetchOutside} || echo un$((6*7))`,
        /un42/,
      );
      expect(outside.visits()).toBe(1);

      const before = await own();
      await host.killAgent();
      await host.startAgent();
      await operator.activeHost(host.name);
      await pings(operator, two.id, server);
      expect(await own()).toBe(before);
      await operator.act(one.id, 'kill');
    }
    await gone(own, 'the taps, bridges and rules to be gone');
    for (const { id } of [back, front]) {
      const params = { path: { networkId: id } };
      unwrap(await operator.client.DELETE('/v1/networks/{networkId}', { params }));
    }
  });
});

async function network(operator: Operator, body: { name: string; cidr: string; outside: boolean }) {
  return unwrap(await operator.client.POST('/v1/networks', { body }));
}

/** Waits until the guest has been told the address that the API says its NIC has. */
async function told(operator: Operator, vm: Vm, index: number): Promise<void> {
  const address = vm.nics[index]?.address ?? '';
  expect(address).toMatch(/^10\.20[12]\.0\.\d+$/);
  await operator.consoleShows(vm.id, new RegExp(`address eth${index} ${address.replaceAll('.', '\\.')}/24`));
}

/** Waits until the guest has had an answer; on a busy machine one may come too late. */
async function pings(operator: Operator, vmId: string, address: string | undefined): Promise<void> {
  await operator.shell(vmId, `until ping -c 1 -W 5 ${address}; do :; done; echo an$((6*7))`, /an42/);
}

/** A web server of this machine, whose loopback an emulated host reaches as its gateway. */
async function somethingOutside() {
  let visits = 0;
  const server = createServer((_request, response) => {
    visits += 1;
    response.end('here is the outside\n');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    visits: () => visits,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
