/**
 * Scenarios of src/machine, run inside a lab host: `node machine.ts NAME` prints what was seen, and
 * test/lab/machine.test.ts says what is right.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPsciVersion } from '../../../src/psci/versions.ts';
import { Guest, type GuestConfig, usage } from './guest.ts';
import {
  add,
  branch,
  call,
  image,
  ldr64,
  mov,
  PSCI,
  str64,
  tellVersion,
  undecodableLoad,
} from './payload.ts';
import { report } from './report.ts';

/** A guest of a few instructions. */
function payload(code: readonly number[], config: GuestConfig = {}): GuestConfig {
  const kernelPath = `/tmp/payload-${randomBytes(4).toString('hex')}`;
  writeFileSync(kernelPath, image(code));
  return { memoryMiB: 8, initramfsPath: null, cmdline: '', ...config, kernelPath };
}

function disk(mebibytes: number): string {
  const path = `/var/lib/holdfast/disk-${randomBytes(4).toString('hex')}`;
  const fd = openSync(path, 'w');
  ftruncateSync(fd, mebibytes * 1024 * 1024);
  closeSync(fd);
  return path;
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code ?? (error instanceof Error ? error.message : error);
  }
}

/** An address in RAM, beyond a payload's code, that counts up. */
const COUNTER = 0x4010_0000;
const countForever = [...mov(1, COUNTER), ...ldr64(2, 1), ...add(2, 1), ...str64(2, 1), ...branch(-3)];

const scenarios: Readonly<Record<string, (...values: string[]) => Promise<unknown>>> = {
  /** Four vCPUs: Linux boots, is paused often while it works, its clock stands still, and it reboots warm. */
  async linux(version = '', cyclesText = '') {
    if (!isPsciVersion(version)) throw new TypeError(`Which version is ${version}?`);
    const disks = [{ name: 'data', path: disk(8), readOnly: false }];
    await using guest = await Guest.make({ vcpus: 4, psci: version, disks });
    guest.machine.run();
    const firstByte = await guest.shows(/./s);
    const ready = await guest.ready();
    const detected = /PSCIv(\S+) detected/.exec(guest.console)?.[1];
    const cpus = await guest.shell('nproc', /\n\d+\r/);

    // Every CPU counts; each pause must find it further on.
    await guest.shell('for i in 1 2 3 4; do (while :; do :; done) & done', /guest# /);
    // So do its timers and its console, line by line, and a disk that is written and compared.
    const ticks = 'n=0; while [ $n -lt 100 ]; do n=$((n+1)); echo tick $n; sleep 0.01; done';
    const copy = [
      'dd if=/dev/urandom of=/run/x bs=64k count=32',
      'for k in 1 2 3 4; do dd if=/run/x of=/dev/vda bs=64k conv=fsync',
      'dd if=/dev/vda of=/run/y bs=64k count=32 iflag=direct; cmp /run/x /run/y && echo same $k; done',
    ];
    await guest.shell(`(${ticks}) & (${copy.join('; ')}) 2>/dev/null & echo`, /guest# /);
    const cycles = Number(cyclesText);
    for (let i = 0; i < cycles; i += 1) {
      await guest.machine.pause();
      await guest.machine.resume();
      if (i % 10 === 0) await sleep(1);
    }
    await Promise.all([guest.shows(/same 4\r/), guest.shows(/tick 100\r/)]);
    const lines = [...guest.console.matchAll(/(tick|same) (\d+)\r$/gm)];
    const seen = (what: string) => lines.filter((line) => line[1] === what).map((line) => Number(line[2]));
    const alive = await guest.shell('kill %1 %2 %3 %4; echo still $((6 * 7))', /still 42/);

    const uptime = async (): Promise<number> =>
      Number(/\n(\d+\.\d+) /.exec(await guest.shell('cat /proc/uptime', /\n\d+\.\d+ \S+/))?.[1]);
    const asked = performance.now();
    const before = await uptime();
    await guest.machine.pause();
    const paused = performance.now();
    await sleep(4_000);
    const pausedSeconds = (performance.now() - paused) / 1000;
    await guest.machine.resume();
    const advanced = (await uptime()) - before;
    const runSeconds = (performance.now() - asked) / 1000 - pausedSeconds;

    guest.machine.writeConsole(Buffer.from('warm-reboot\n'));
    const event = await guest.ended;
    return {
      ...{ detected, cpus: /\n(\d+)\r/.exec(cpus)?.[1], cycles, alive: /still 42/.test(alive) },
      ...{ ticks: seen('tick'), copies: seen('same') },
      ...{ clock: { pausedSeconds, runSeconds, advanced }, event, psci: guest.machine.psci },
      times: { made: guest.madeAfter, firstByte, ready },
    };
  },

  /** In one process: boot, cold reboot, made anew under the same pin, ended by the power key. */
  async reset(version = '') {
    if (!isPsciVersion(version)) throw new TypeError(`Which version is ${version}?`);
    const config: GuestConfig = { psci: version, disks: [{ name: 'root', path: disk(8), readOnly: false }] };
    // Loads what is loaded once for the process.
    await (await Guest.make(config))[Symbol.asyncDispose]();
    const before = usage();
    const seen: unknown[] = [];
    for (const end of ['reboot -f', 'power key']) {
      await using guest = await Guest.make(config);
      const earlyInput = guest.machine.inputReady;
      guest.machine.run();
      const firstByte = await guest.shows(/./s);
      const ready = await guest.ready();
      const detected = /PSCIv(\S+) detected/.exec(guest.console)?.[1];
      const inputReady = guest.machine.inputReady;
      if (end === 'power key') guest.machine.pressKey('power');
      else guest.machine.writeConsole(Buffer.from(`${end}\n`));
      const event = await guest.ended;
      const answered = guest.console.includes('power key');
      const times = { made: guest.madeAfter, firstByte, ready };
      seen.push({ detected, earlyInput, inputReady, answered, event, times });
    }
    return { seen, before, after: usage() };
  },

  /** A guest is asked to hibernate by its key, and resumes in a new machine. */
  async hibernate(version = '') {
    if (!isPsciVersion(version)) throw new TypeError(`Which version is ${version}?`);
    const disks = [{ name: 'swap', path: disk(256), readOnly: false }];
    const config: GuestConfig = { psci: version, vcpus: 2, disks };
    const marker = /\bmarker ([0-9a-f]{16})/;
    const first = await (async () => {
      await using guest = await Guest.make(config);
      guest.machine.run();
      await guest.ready();
      guest.machine.pressKey('hibernate');
      return { event: await guest.ended, marker: marker.exec(guest.console)?.[1] };
    })();
    await using guest = await Guest.make(config);
    guest.machine.run();
    await guest.shows(/resumed, marker [0-9a-f]{16}/);
    const cpus = /\n(\d+)\r/.exec(await guest.shell('nproc', /\n\d+\r/))?.[1];
    guest.machine.writeConsole(Buffer.from('poweroff -f\n'));
    return { first, resumed: marker.exec(guest.console)?.[1], cpus, event: await guest.ended };
  },

  /** Thousands of pauses of a guest that never leaves KVM_RUN by itself. */
  async cycles(countText = '') {
    const count = Number(countText);
    await using guest = await Guest.make(payload(countForever, { vcpus: 2 }));
    guest.machine.run();
    const started = performance.now();
    for (let i = 0; i < count; i += 1) {
      await guest.machine.pause();
      await guest.machine.resume();
    }
    // Without a rest between them, and repeated: both are allowed.
    await Promise.all([guest.machine.pause(), guest.machine.pause()]);
    await guest.machine.resume();
    await guest.machine.resume();
    return { count, milliseconds: performance.now() - started };
  },

  /** Every way to an end leaves nothing behind. */
  async closing() {
    const config = payload(countForever, { vcpus: 3, disks: [{ name: 'd', path: disk(1), readOnly: true }] });
    await (await Guest.make(config))[Symbol.asyncDispose]();
    const before = usage();
    const after: Record<string, unknown> = {};
    const ways: Record<string, (guest: Guest) => Promise<void> | void> = {
      'before it ran': () => undefined,
      'while it runs': (guest) => guest.machine.run(),
      'while it is paused': async (guest) => {
        guest.machine.run();
        await guest.machine.pause();
      },
      'while it is being paused': (guest) => {
        guest.machine.run();
        void guest.machine.pause();
      },
      twice: async (guest) => {
        guest.machine.run();
        await Promise.all([guest.machine.close(), guest.machine.close()]);
      },
    };
    for (const [name, way] of Object.entries(ways)) {
      const guest = await Guest.make(config);
      await way(guest);
      await guest[Symbol.asyncDispose]();
      after[name] = usage();
    }
    const guest = await Guest.make(config);
    await guest[Symbol.asyncDispose]();
    const uses = [
      () => guest.machine.run(),
      () => guest.machine.pressKey('power'),
      () => guest.machine.writeConsole(new Uint8Array(1)),
    ];
    const closed = [
      ...(await Promise.all(uses.map((use) => outcome((async () => use())())))),
      await outcome(guest.machine.pause()),
      await outcome(guest.machine.resume()),
      guest.machine.inputReady,
    ];
    return { before, after, closed };
  },

  /** What the machine refuses, and that it leaves nothing behind then. */
  async refusals() {
    writeFileSync('/tmp/text', 'not a kernel\n'.repeat(100));
    writeFileSync('/tmp/odd-disk', Buffer.alloc(513));
    const tiny = payload(call(PSCI.systemOff));
    const configs: Record<string, GuestConfig> = {
      'PSCI 0.1': { ...tiny, psci: '0.1' },
      'PSCI 1.3': { ...tiny, psci: '1.3' },
      'no vCPU': { ...tiny, vcpus: 0 },
      'nine vCPUs': { ...tiny, vcpus: 9 },
      'no memory': { ...tiny, memoryMiB: 0 },
      'too much memory': { ...tiny, memoryMiB: 2 ** 21 },
      'too little for the kernel': { memoryMiB: 32 },
      'a text as kernel': { ...tiny, kernelPath: '/tmp/text' },
      'no kernel': { ...tiny, kernelPath: '/tmp/absent' },
      'no initramfs': { ...tiny, initramfsPath: '/tmp/absent' },
      'an odd disk': { ...tiny, disks: [{ name: 'odd', path: '/tmp/odd-disk', readOnly: true }] },
      'no disk': { ...tiny, disks: [{ name: 'none', path: '/tmp/absent', readOnly: true }] },
    };
    const attempt = async (config: GuestConfig): Promise<void> => {
      await using _guest = await Guest.make(config);
    };
    await outcome(attempt({ ...tiny, kernelPath: '/tmp/text' }));
    const before = usage();
    const codes: Record<string, unknown> = {};
    for (const [name, config] of Object.entries(configs)) codes[name] = await outcome(attempt(config));
    return { codes, before, after: usage() };
  },

  /** A guest that KVM gives up on is a failure with a reason, and not the end of the process. */
  async failure() {
    await using guest = await Guest.make(payload([...mov(9, 0x0900_0000), ...undecodableLoad], { vcpus: 2 }));
    guest.machine.run();
    const reason = await outcome(guest.ended);
    return { reason, again: await outcome(guest.machine.pause()) };
  },

  /** What a guest of a few instructions says of its pin, through the serial port. */
  async version(version = '') {
    if (!isPsciVersion(version)) throw new TypeError(`Which version is ${version}?`);
    await using guest = await Guest.make(
      payload([...tellVersion, ...call(PSCI.systemOff)], { psci: version }),
    );
    guest.machine.run();
    await guest.ended;
    return Buffer.from(guest.console, 'latin1').readUInt32LE();
  },

  /** Ends the process in the midst of it all: the exit code is what the test looks at. */
  async exit() {
    const guest = await Guest.make(
      payload(countForever, { vcpus: 2, disks: [{ name: 'd', path: disk(1), readOnly: true }] }),
    );
    guest.machine.run();
    await sleep(50);
    process.exit(3);
  },

  async throw() {
    const guest = await Guest.make(payload(countForever, { vcpus: 2 }));
    guest.machine.run();
    setTimeout(() => {
      throw new Error('thrown on purpose');
    }, 50);
    await guest.ended;
  },
};

const [name = '', ...values] = process.argv.slice(2);
const scenario = scenarios[name];
if (scenario === undefined)
  throw new Error(`There is no scenario ${name}; ${Object.keys(scenarios).join(', ')}.`);
report(await scenario(...values));
