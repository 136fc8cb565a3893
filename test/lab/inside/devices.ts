/**
 * Scenarios of the devices with Linux's own drivers, run inside a lab host: `node devices.ts NAME` prints what was seen,
 * and test/lab/devices.test.ts says what is right.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiskConfig } from '../../../src/machine/types.ts';
import { Guest } from './guest.ts';
import { report } from './report.ts';

const MIB = 1024 * 1024;
const MAX_DISKS = 16;
/** What the guest writes and then discards. */
const WRITTEN_MIB = 4;

function disk(directory: string, name: string, mebibytes: number, readOnly = false): DiskConfig {
  const path = join(directory, name);
  const fd = openSync(path, 'w');
  ftruncateSync(fd, mebibytes * MIB);
  closeSync(fd);
  return { name, path, readOnly };
}

/** MiB that a file takes. */
const taken = ({ path }: DiskConfig): number => (statSync(path).blocks * 512) / MIB;

/** How often an interrupt of the guest came, by a word of its line. */
async function interrupts(guest: Guest, word: string): Promise<number> {
  const { text } = await guest.command(`grep '${word}' /proc/interrupts`);
  const counts = /^\s*\S+:((?:\s+\d+)+)/.exec(text)?.[1] ?? '';
  return counts.split(/\s+/).reduce((sum, count) => sum + Number(count), 0);
}

async function seconds(guest: Guest): Promise<{ guest: number; before: number; after: number }> {
  const before = Math.floor(Date.now() / 1000);
  const { text } = await guest.command('date +%s');
  return { guest: Number(text), before, after: Math.ceil(Date.now() / 1000) };
}

const scenarios: Readonly<Record<string, (...values: string[]) => Promise<unknown>>> = {
  /** Sixteen disks, one of them read-only and one in a place too small for it. */
  async disks(requestsText = '') {
    const requests = Number(requestsText);
    const directory = mkdtempSync('/var/lib/holdfast/disks-');
    const small = mkdtempSync(join(tmpdir(), 'small-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', small]);
    const root = disk(directory, 'root', 16);
    const scratch = disk(directory, 'scratch', 32);
    const fixed = disk(directory, 'fixed', 1, true);
    const content = randomBytes(MIB);
    writeFileSync(fixed.path, content);
    const disks = [root, scratch, fixed, disk(small, 'cramped', 4)];
    while (disks.length < MAX_DISKS) disks.push(disk(directory, `more-${disks.length}`, 1));

    const marker = randomBytes(8).toString('hex');
    const seen = await (async () => {
      await using guest = await Guest.make({ vcpus: 2, disks });
      guest.machine.run();
      await guest.ready();
      const names = await guest.command('for s in /sys/block/vd?/serial; do echo $(cat $s); done');
      const fixedFlag = await guest.command('cat /sys/block/vdc/ro');
      const refused = await guest.command('dd if=/dev/zero of=/dev/vdc bs=4k count=1 2>/dev/null');
      const fixedRead = await guest.command('sha256sum /dev/vdc | cut -c 1-64');

      await guest.command(
        `dd if=/dev/urandom of=/dev/vdb bs=1M count=${WRITTEN_MIB} oflag=direct 2>/dev/null`,
      );
      const full = taken(scratch);
      const discarded = await guest.command('blkdiscard /dev/vdb');
      const freed = taken(scratch);
      const blank = readFileSync(scratch.path).subarray(0, WRITTEN_MIB * MIB);

      const cramped = await guest.command(
        'dd if=/dev/zero of=/dev/vdd bs=1M count=4 oflag=direct 2>/dev/null',
      );
      const goesOn = await guest.command(
        'dd if=/dev/vdd of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null',
      );

      const started = performance.now();
      const many = await guest.command(
        [
          'for d in a b e f; do dd if=/dev/vd$d of=/dev/null bs=4k iflag=direct 2>/dev/null',
          `count=${requests} & done; for d in b g; do`,
          `dd if=/dev/zero of=/dev/vd$d bs=4k count=${requests} oflag=direct 2>/dev/null & done; wait`,
        ].join(' '),
      );
      const milliseconds = Math.round(performance.now() - started);

      const written = await guest.command(`echo ${marker} | dd of=/dev/vda conv=fsync 2>/dev/null`);
      guest.machine.writeConsole(Buffer.from('poweroff -f\n'));
      await guest.ended;
      return {
        names: names.text.split('\n'),
        fixed: { flag: fixedFlag.text, refused: refused.code !== 0, read: fixedRead.text },
        discard: { full, freed, code: discarded.code, blank: blank.every((byte) => byte === 0) },
        cramped: { refused: cramped.code !== 0, goesOn: goesOn.code },
        ...{ many: many.code, milliseconds, written: written.code },
      };
    })();
    const kept = readFileSync(fixed.path).equals(content);

    await using again = await Guest.make({ disks: [root, scratch] });
    again.machine.run();
    await again.ready();
    const { text: found } = await again.command('head -c 16 /dev/vda');
    execFileSync('umount', [small]);
    return { ...seen, kept, survived: found === marker };
  },

  /** What needs no disk: time, random numbers, keys on pins. */
  async others() {
    await using guest = await Guest.make();
    guest.machine.run();
    await guest.ready();
    const clockSet = await guest.command("dmesg | grep -c 'rtc-pl031.*setting system clock'");
    const time = await seconds(guest);
    const source = await guest.command('cat /sys/class/misc/hw_random/rng_current');
    const random = await guest.command('head -c 16 /dev/hwrng | xxd -p; head -c 16 /dev/hwrng | xxd -p');

    const alarmBefore = await interrupts(guest, 'rtc-pl031');
    await guest.command('echo +1 >/sys/class/rtc/rtc0/wakealarm; sleep 2');
    const alarms = (await interrupts(guest, 'rtc-pl031')) - alarmBefore;

    // Without its driver of the keyboard, and with a pin's edges listened to, Linux hears the key by the pin.
    const withKeyboard = guest.machine.inputReady;
    await guest.command('echo 512 >/sys/class/gpio/export; echo both >/sys/class/gpio/gpio512/edge');
    await guest.command('basename /sys/bus/virtio/drivers/virtio_input/virtio* >/tmp/keyboard');
    await guest.command('cat /tmp/keyboard >/sys/bus/virtio/drivers/virtio_input/unbind');
    const quiet = await interrupts(guest, 'gpiolib');
    guest.machine.pressKey('power');
    await guest.command('sleep 1');
    const edges = (await interrupts(guest, 'gpiolib')) - quiet;
    return {
      clockSet: clockSet.text,
      time,
      source: source.text,
      random: random.text.split('\n'),
      ...{ alarms, withKeyboard, edges },
    };
  },
};

const [name = '', ...values] = process.argv.slice(2);
const scenario = scenarios[name];
if (scenario === undefined)
  throw new Error(`There is no scenario ${name}; ${Object.keys(scenarios).join(', ')}.`);
report(await scenario(...values));
