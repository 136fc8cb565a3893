/**
 * The agent's networks on a real kernel, with this process in the place of the guests: it opens the taps and sends what
 * a guest may and may not send. `node networks.ts` prints what was seen, and test/lab/networks.test.ts says what is
 * right.
 *
 *     inner (isolated)   a, b        outer (leads outside)   c        host ── veth ── namespace "outside" 192.0.2.2
 */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { closeSync, readdirSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { HostNetworks } from '../../../src/agent/network/host-networks.ts';
import { bridgeMac } from '../../../src/agent/network/names.ts';
import { StartError } from '../../../src/agent/start-error.ts';
import { openTap, VNET_HEADER_BYTES } from '../../../src/kvm/tap.ts';
import type { AssignedNic, RunSpec } from '../../../src/wire/agent.ts';
import { type KeptRunFile, keptRunFile, PROTOCOL } from '../../../src/worker/protocol.ts';
import { arp, arpAnswer, BROADCAST, dhcp, echo, ethernet, tell, udp } from './frames.ts';
import { report } from './report.ts';

const STATE = '/tmp/networks-test';
const OUTSIDE = '192.0.2.2';
const HOST_PORT = 4321;
/** Questions for an address at once. */
const FLOOD = 1000;
const DISCOVER = 1;
const REQUEST = 3;

const inner = {
  id: '01900000-0000-7000-8000-00000000000a',
  name: 'inner',
  cidr: '10.1.0.0/24',
  outside: false,
};
const outer = {
  id: '01900000-0000-7000-8000-00000000000b',
  name: 'outer',
  cidr: '10.2.0.0/24',
  outside: true,
};
const taken = {
  id: '01900000-0000-7000-8000-00000000000c',
  name: 'taken',
  cidr: '192.0.2.0/24',
  outside: true,
};

function vmId(n: number): string {
  return `01900000-0000-7000-8000-0000000000f${n}`;
}

const runs: KeptRunFile[] = [];
const made: string[][] = [];
const log = pino(
  { base: null },
  { write: (line: string) => void made.push((JSON.parse(line) as { make?: string[] }).make ?? []) },
);

function agent(): HostNetworks {
  return new HostNetworks({ state: STATE, runs: () => runs, complete: () => true, log });
}

/** A run with one NIC, as an agent keeps it. */
function addRun(networks: HostNetworks, n: number, network: AssignedNic['network'], address: string): Guest {
  const mac = `52:54:00:00:00:0${n}`;
  const nic = { name: 'eth0', mac, network, address };
  const tap = networks.tapName(vmId(n), 'eth0');
  const file = keptRunFile(
    {
      protocol: PROTOCOL,
      run: {
        ...{ vmId: vmId(n), runId: vmId(n), operationId: vmId(n), name: 'vm', vcpus: 1, memoryMiB: 1 },
        ...{ kernel: `sha256:${'0'.repeat(64)}`, initramfs: null, cmdline: '', disks: [], nics: [nic] },
        ...{ psci: '1.0', onGuest: { poweroff: 'stop', reset: 'stop', crash: 'stop' } },
      },
      kernelPath: '',
      initramfsPath: null,
      nics: [{ name: 'eth0', tap }],
    },
    '',
  );
  runs.push(file);
  return new Guest(tap, mac, address, file.run);
}

class Guest {
  readonly tap: string;
  readonly mac: string;
  readonly address: string;
  readonly run: RunSpec;
  #fd = -1;

  constructor(tap: string, mac: string, address: string, run: RunSpec) {
    this.tap = tap;
    this.mac = mac;
    this.address = address;
    this.run = run;
  }

  open(): void {
    this.#fd = openTap(this.tap);
  }

  close(): void {
    closeSync(this.#fd);
  }

  send(...frames: Buffer[]): void {
    for (const frame of frames) writeSync(this.#fd, Buffer.concat([Buffer.alloc(VNET_HEADER_BYTES), frame]));
  }

  /** What comes, until a frame that is told as `last` says; without questions for addresses, which are answered. */
  async until(last: RegExp): Promise<string[]> {
    const seen: string[] = [];
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
      const told = this.#receive();
      if (told === null) await sleep(10);
      else if (!/^arp .* asks/.test(told)) seen.push(told);
      if (told !== null && last.test(told)) return seen;
    }
    return [...seen, `nothing like ${last}`];
  }

  /** Forgets what has come so far. */
  drain(): void {
    while (this.#receive() !== null);
  }

  #receive(): string | null {
    const bytes = Buffer.alloc(2_000);
    try {
      const frame = bytes.subarray(VNET_HEADER_BYTES, readSync(this.#fd, bytes));
      const answer = arpAnswer(frame, this);
      if (answer !== null) this.send(answer);
      return tell(frame);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return null;
      throw error;
    }
  }

  async dhcp(type: number, options: number[] = []): Promise<string | undefined> {
    const from = { mac: this.mac, address: '0.0.0.0', port: 68 };
    const to = { mac: BROADCAST, address: '255.255.255.255', port: 67 };
    this.send(udp(from, to, dhcp(this.mac, type, options)));
    return (await this.until(/^dhcp/)).at(-1);
  }
}

function ip(...args: string[]): void {
  execFileSync('/usr/bin/ip', args);
}

function nft(...args: string[]): string {
  return execFileSync('/usr/sbin/nft', args, { encoding: 'utf8' });
}

/** Interfaces and tables that are there. */
function present(): { interfaces: string[]; tables: string[] } {
  const interfaces = readdirSync('/sys/class/net').filter((name) => name.startsWith('hf'));
  return { interfaces: interfaces.sort(), tables: nft('list', 'tables').trim().split('\n').sort() };
}

/** Multicast groups that the host itself has joined on an interface, in hexadecimal with the last byte first. */
function joined(name: string): string[] {
  const [, own = ''] = readFileSync('/proc/net/igmp', 'utf8').split(
    new RegExp(`^\\d+\\s+${name}\\b.*\\n`, 'm'),
  );
  const [groups = ''] = own.split(/^\d/m);
  return Array.from(groups.matchAll(/^\s+([0-9A-F]{8}) /gm), ([, group = '']) => group);
}

async function refusal(prepared: Promise<void>): Promise<{ code: string; detail: string } | null> {
  try {
    await prepared;
    return null;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { code: error.code, detail: error.message };
  }
}

ip('netns', 'add', 'outside');
ip('link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1', 'netns', 'outside');
ip('address', 'add', '192.0.2.1/30', 'dev', 'veth0');
ip('link', 'set', 'veth0', 'up');
ip('-n', 'outside', 'address', 'add', `${OUTSIDE}/30`, 'dev', 'veth1');
ip('-n', 'outside', 'link', 'set', 'veth1', 'up');
ip('link', 'add', 'hf-other', 'type', 'bridge');
nft('add', 'table', 'inet', 'other');

const networks = agent();
const [a, b, c] = [
  addRun(networks, 1, inner, '10.1.0.2'),
  addRun(networks, 2, inner, '10.1.0.3'),
  addRun(networks, 3, outer, '10.2.0.9'),
];
for (const { run } of [a, b, c]) await networks.prepare(run);
for (const guest of [a, b, c]) guest.open();
const after = present();
const bridges = after.interfaces.filter((name) => name[6] === 'b');
const groups = bridges.map(joined);
const gateway = { mac: bridgeMac(inner.id), address: '10.1.0.1' };

const leases = {
  a: [await a.dhcp(DISCOVER), await a.dhcp(REQUEST, [50, 4, 10, 1, 0, 2])],
  other: await a.dhcp(REQUEST, [50, 4, 10, 1, 0, 3]),
  c: await c.dhcp(DISCOVER),
};

// b sees of the first only what a may send; the last one ends the look.
b.drain();
const toB = { mac: b.mac, address: b.address };
a.send(
  echo({ mac: '52:54:00:00:00:77', address: a.address }, toB, 1),
  echo({ mac: a.mac, address: '10.1.0.77' }, toB, 2),
  echo({ mac: b.mac, address: b.address }, toB, 3),
  arp({ mac: a.mac, address: '10.1.0.1' }, b.address),
  arp({ mac: gateway.mac, address: '10.1.0.1' }, b.address, a.mac),
  ethernet(a.mac, b.mac, 0x86dd, Buffer.alloc(60)),
  ethernet(a.mac, b.mac, 0x8100, Buffer.alloc(60)),
  udp({ ...a, port: 67 }, { ...toB, port: 68 }, dhcp(b.mac, 2)),
  udp({ ...a, port: 9 }, { ...toB, port: 9 }, Buffer.from('fair')),
  echo(a, toB, 4),
);
const seenByB = await b.until(/echo request 4/);

// The host itself: it answers ARP and echo requests; its services hear nothing.
const heard: string[] = [];
const service = createSocket('udp4').on('message', (bytes) => heard.push(bytes.toString()));
await new Promise<void>((resolve) => service.bind(HOST_PORT, resolve));
a.send(
  arp(a, gateway.address),
  udp({ ...a, port: 9 }, { ...gateway, port: HOST_PORT }, Buffer.from('inner')),
  echo(a, gateway, 5),
);
const fromHost = await a.until(/echo reply 5/);
const outerGateway = { mac: bridgeMac(outer.id), address: '10.2.0.1' };
c.send(
  udp({ ...c, port: 9 }, { mac: outerGateway.mac, address: '192.0.2.1', port: HOST_PORT }, Buffer.from('c')),
);

// Beyond the host: c gets an answer, a gets none, and neither reaches the other.
c.send(
  echo(c, { mac: outerGateway.mac, address: a.address }, 6),
  echo(c, { mac: outerGateway.mac, address: OUTSIDE }, 7),
);
const seenByC = await c.until(/echo reply 7/);
a.send(
  echo(a, { mac: gateway.mac, address: OUTSIDE }, 8),
  echo(a, { mac: gateway.mac, address: c.address }, 9),
  echo(a, gateway, 10),
);
const seenByA = await a.until(/echo reply 10/);
service.close();

// An agent that comes after one that was killed changes nothing; it mends what others broke.
await networks.close();
made.length = 0;
const next = agent();
await next.prepare(a.run);
const madeAgain = made.flat();
nft('delete', 'table', 'bridge', 'holdfast');
ip('link', 'delete', bridges[0] ?? '');
await next.prepare(a.run);
const mended = present();
const stillLeased = await a.dhcp(DISCOVER);

// A guest that asks as fast as it can is heard now and then. The kernel's answer to the echo says that all came by.
nft('add', 'chain', 'inet', 'other', 'seen', '{ type filter hook input priority 10; }');
nft('add', 'rule', 'inet', 'other', 'seen', 'udp', 'dport', '67', 'counter');
const asking = udp(
  { mac: a.mac, address: '0.0.0.0', port: 68 },
  { mac: BROADCAST, address: '255.255.255.255', port: 67 },
  dhcp(a.mac, DISCOVER),
);
a.send(...Array<Buffer>(FLOOD).fill(asking), echo(a, gateway, 11));
await a.until(/echo reply 11/);
const asked = Number(/counter packets (\d+)/.exec(nft('list', 'chain', 'inet', 'other', 'seen'))?.[1]);

const refused = addRun(next, 4, taken, '192.0.2.9');
const conflict = await refusal(next.prepare(refused.run));
renameSync('/dev/net/tun', '/dev/net/tun-away');
const tunless = await refusal(next.prepare(a.run));
renameSync('/dev/net/tun-away', '/dev/net/tun');
runs.pop();

for (const guest of [a, b, c]) guest.close();
runs.length = 0;
next.start();
while (present().interfaces.length > 1) await sleep(200);
await next.close();
report({
  floods: { sent: FLOOD, asked },
  ...{ after, leases, seenByB, fromHost, heard, seenByC, seenByA, madeAgain, stillLeased, conflict, tunless },
  joined: groups,
  mended: { interfaces: mended.interfaces.length, tables: mended.tables },
  end: present(),
});
ip('link', 'delete', 'hf-other');
ip('link', 'delete', 'veth0');
ip('netns', 'delete', 'outside');
nft('delete', 'table', 'inet', 'other');
