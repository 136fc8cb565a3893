/**
 * Scenarios of network interfaces and vsock, run inside a lab host: `node network.ts NAME` prints what was seen, and
 * test/lab/network.test.ts says what is right.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NicConfig } from '../../../src/machine/types.ts';
import { Guest, type GuestConfig, usage } from './guest.ts';
import { report } from './report.ts';
import { Taps } from './taps.ts';

const SUM = /([0-9a-f]{32}) {2}-/;
const BLOCK_BYTES = 1024 * 1024;

function nic(taps: Taps, index: number, vhost: NicConfig['vhost']): NicConfig {
  return { name: 'lan', mac: `02:00:00:00:00:0${index + 1}`, tap: taps.name(index), vhost };
}

/** A guest of the network 10.9.0.0/24, up and with its address. */
async function lanGuest(taps: Taps, index: number, vhost: NicConfig['vhost']): Promise<Guest> {
  const guest = await Guest.make({ memoryMiB: 320, nics: [nic(taps, index, vhost)] });
  guest.machine.run();
  await guest.ready();
  const address = `10.9.0.${index + 1}/24`;
  await guest.shell(
    `killall udhcpc; ip addr add ${address} dev eth0; ip link set eth0 up; echo up $?`,
    /up 0/,
  );
  return guest;
}

async function pings(guest: Guest, address: string): Promise<string | undefined> {
  const shown = await guest.shell(`ping -c 2 -W 20 ${address}; echo pinged $?`, /pinged \d/);
  return /(\d) packets received/.exec(shown)?.[1];
}

/** Moves so many MiB by TCP from one guest to the other, with `meanwhile` going on; whether the sums are equal. */
async function transfer(
  [from, to]: readonly [Guest, Guest],
  mebibytes: number,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<boolean> {
  const file = '/run/www/file';
  const fill = `i=0; while [ $i -lt ${mebibytes} ]; do cat /run/block; i=$((i+1)); done >${file}`;
  const sent = SUM.exec(await from.shell(`mkdir -p /run/www; ${fill}; md5sum <${file}`, SUM))?.[1];
  await from.shell('killall httpd; httpd -p 5000 -h /run/www; echo serving $?', /serving 0/);
  const received = to.shell('wget -q -O - http://10.9.0.1:5000/file | md5sum', SUM);
  await Promise.all([received, meanwhile()]);
  return SUM.exec(await received)?.[1] === sent && sent !== undefined;
}

/** What a program on this host sends to a guest and hears from it, through vsock. */
async function vsockProgram(
  input: Buffer,
  ...args: string[]
): Promise<{ listening: Promise<unknown>; output: Promise<Buffer> }> {
  const child = spawn('/tmp/vsock/perl', ['/tmp/vsock/vsock.pl', ...args], {
    env: { LD_LIBRARY_PATH: '/tmp/vsock' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(input);
  const listening = once(child.stderr, 'data');
  const output = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`vsock.pl ${args.join(' ')} ended with ${code}`);
    return Buffer.concat(chunks);
  });
  output.catch(() => undefined);
  listening.catch(() => undefined);
  return { listening, output };
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

const scenarios: Readonly<Record<string, (...values: string[]) => Promise<unknown>>> = {
  /** Two guests on one bridge: ping, a transfer, one while a guest is paused again and again, drivers taken away. */
  async pair(how = '', mebibytesText = '') {
    const vhost = how === 'off' ? 'off' : 'auto';
    using taps = new Taps(2);
    await using one = await lanGuest(taps, 0, vhost);
    await using two = await lanGuest(taps, 1, vhost);
    const ping = await pings(two, '10.9.0.1');
    await one.shell(`head -c ${BLOCK_BYTES} /dev/urandom >/run/block; echo made $?`, /made 0/);
    const started = performance.now();
    const equal = await transfer([one, two], Number(mebibytesText));
    const seconds = (performance.now() - started) / 1000;

    const equalAfterPauses = await transfer([one, two], 4, async () => {
      for (let i = 0; i < 20; i += 1) {
        const guest = i % 2 === 0 ? one : two;
        await guest.machine.pause();
        await sleep(5);
        await guest.machine.resume();
        await sleep(20);
      }
    });

    // The device is reset in the midst of packets from outside, by a driver that goes and comes.
    one.machine.writeConsole(Buffer.from('ping -i 0.05 10.9.0.2 >/dev/null & echo\n'));
    const device = 'd=$(basename $(readlink /sys/class/net/eth0/device))';
    const driver = '/sys/bus/virtio/drivers/virtio_net';
    const rebind = `for i in 1 2 3; do echo $d >${driver}/unbind; echo $d >${driver}/bind; done`;
    const readdress = 'ip addr add 10.9.0.2/24 dev eth0; ip link set eth0 up; echo bound $?';
    await two.shell(`${device}; ${rebind}; ${readdress}`, /bound 0/);
    const pingAfterReset = await pings(two, '10.9.0.1');
    return { ping, equal, seconds, equalAfterPauses, pingAfterReset };
  },

  /** A machine is closed in the midst of traffic and made again on the same interface. */
  async remake(how = '') {
    const vhost = how === 'off' ? 'off' : 'auto';
    using taps = new Taps(2);
    await using one = await lanGuest(taps, 0, vhost);
    const threads: number[] = [];
    const answered: unknown[] = [];
    for (let i = 0; i < 2; i += 1) {
      const before = usage();
      await using two = await lanGuest(taps, 1, vhost);
      answered.push(await pings(two, '10.9.0.1'));
      one.machine.writeConsole(Buffer.from('ping -c 20 -i 0.1 10.9.0.2 >/dev/null & echo\n'));
      threads.push(usage().threads - before.threads);
    }
    return { answered, threads };
  },

  /** Bytes both ways, whoever connects; and what is refused. */
  async vsock(cidText = '') {
    const cid = Number(cidText);
    const config: GuestConfig = { memoryMiB: 192, initramfsPath: '/tmp/vsock/initramfs', vsockCid: cid };
    const guest = await Guest.make(config);
    guest.machine.run();
    await guest.ready();
    await guest.shell('load-vsock; head -c 3000000 /dev/urandom >/run/block; echo loaded $?', /loaded 0/);
    const sent = SUM.exec(await guest.shell('md5sum </run/block', SUM))?.[1];
    const input = randomBytes(3_000_000);

    const listener = await vsockProgram(input, 'listen', '5000');
    await listener.listening;
    const heard = guest.shell('vsock connect 2 5000 </run/block | md5sum', SUM);
    const pauses = (async (): Promise<void> => {
      for (let i = 0; i < 10; i += 1) {
        await guest.machine.pause();
        await guest.machine.resume();
        await sleep(10);
      }
    })();
    const fromGuest = md5(await listener.output) === sent;
    await pauses;
    const toGuest = SUM.exec(await heard)?.[1] === md5(input);

    await guest.shell('(vsock listen 6000 </run/block | md5sum) 2>&1 & echo', /listening/);
    const from = guest.console.length;
    const caller = await vsockProgram(input, 'connect', cidText, '6000');
    const fromListener = md5(await caller.output) === sent;
    await guest.shows(SUM, from);
    const toListener = SUM.exec(guest.console.slice(from))?.[1] === md5(input);

    // Saved and gone on with under another address: its driver is told, and connects from there.
    const path = '/var/lib/holdfast/vsock.snapshot';
    {
      await using saving = await guest.machine.save(path);
      await saving.written;
    }
    await guest[Symbol.asyncDispose]();
    const restore = { path, skipAbsentDefaults: false };
    const restored = await Guest.make({ ...config, vsockCid: cid + 1, restore });
    restored.machine.run();
    const again = await vsockProgram(input, 'listen', '5001');
    await again.listening;
    const heardAgain = restored.shell('vsock connect 2 5001 </run/block | md5sum', SUM);
    const afterRestore = md5(await again.output) === sent && SUM.exec(await heardAgain)?.[1] === md5(input);
    rmSync(path);

    const code = async (making: Promise<Guest>): Promise<unknown> =>
      await making.then(
        () => 'none',
        (error: Error & { code?: string }) => error.code ?? error.message,
      );
    const taken = await code(Guest.make({ ...config, vsockCid: cid + 1 }));
    await restored[Symbol.asyncDispose]();
    execFileSync('rmmod', ['vhost_vsock']);
    const absent = await code(Guest.make(config));
    execFileSync('modprobe', ['vhost_vsock']);
    return { fromGuest, toGuest, fromListener, toListener, afterRestore, taken, absent };
  },
};

const [name = '', ...values] = process.argv.slice(2);
const scenario = scenarios[name];
if (scenario === undefined)
  throw new Error(`There is no scenario ${name}; ${Object.keys(scenarios).join(', ')}.`);
report(await scenario(...values));
