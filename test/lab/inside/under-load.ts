/**
 * A Linux guest with two CPUs that reads its disk in small pieces and is typed at, while it is paused, saved and gone on
 * with elsewhere, for `node under-load.ts SECONDS`. Nothing may be lost: each line that is typed has one answer, and the
 * reads go on. test/soak/save-under-load.ts starts it.
 */
import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Guest, type GuestConfig } from './guest.ts';

const DISK = '/var/lib/holdfast/under-load.raw';
const SNAPSHOT = '/var/lib/holdfast/under-load.snapshot';
/** Lines that are typed at once. */
const LINES = 10;
/** Of 4 KiB, between two signs of life. */
const READS = 20;
/** Far beyond what any step takes; whoever waits for so long has lost something. */
const LIMIT_MS = 100_000;
const READING = `(while dd if=/dev/vda of=/dev/null bs=4k count=${READS} iflag=direct 2>/dev/null; do echo "<""read>"; done) &`;

const seconds = Number(process.argv[2] ?? 60);
closeSync(openSync(DISK, 'w'));
const fd = openSync(DISK, 'r+');
ftruncateSync(fd, 16 * 1024 * 1024);
closeSync(fd);
const config: GuestConfig = {
  vcpus: 2,
  psci: '1.1',
  disks: [{ name: 'data', path: DISK, readOnly: false }],
};

let guest = await Guest.make(config);
/** What the consoles of guests that ended here have shown. */
let before = '';
const shown = (): string => before + guest.console;
const reads = (): number => shown().split('<read>').length - 1;

async function until(what: string, check: () => boolean): Promise<void> {
  for (const deadline = performance.now() + LIMIT_MS; !check(); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`${what} is missing:\n${shown().slice(-3000)}`);
  }
}

async function pauses(): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    await guest.machine.pause();
    await guest.machine.resume();
    await sleep(Math.random() * 10);
  }
}

async function save(): Promise<void> {
  await using saving = await guest.machine.save(SNAPSHOT);
  await saving.written;
}

/** At rest from its save to its end, so that what it has shown is what the other goes on from. */
async function elsewhere(): Promise<void> {
  await guest.machine.pause();
  await save();
  before += guest.console;
  await guest[Symbol.asyncDispose]();
  guest = await Guest.make({ ...config, restore: { path: SNAPSHOT, skipAbsentDefaults: false } });
  guest.machine.run();
}

const acts = { pauses, save, elsewhere };
const done = { pauses: 0, save: 0, elsewhere: 0 };
guest.machine.run();
await guest.ready();
guest.machine.writeConsole(Buffer.from(`${READING}\n`));
await until('the first read', () => reads() > 0);
const now = (): string => new Date().toISOString().slice(11, 19);
console.log(`${now()} the guest reads`);
for (const end = performance.now() + seconds * 1000, names = Object.keys(acts); performance.now() < end; ) {
  const name = names[Math.floor(Math.random() * names.length)] as keyof typeof acts;
  const round = Object.values(done).reduce((sum, count) => sum + count, 0);
  const began = performance.now();
  const [readsBefore, shownBefore] = [reads(), shown().length];
  const lines = Array.from({ length: LINES }, (_, i) => `${round}-${i}`);
  // What is typed is echoed, so the answer is typed in pieces.
  guest.machine.writeConsole(Buffer.from(lines.map((line) => `echo "<""${line}>"\n`).join('')));
  await sleep(Math.random() * 200);
  await acts[name]();
  const answers = (line: string): number => shown().slice(shownBefore).split(`<${line}>`).length - 1;
  for (const line of lines) await until(`the answer to line ${line}, after ${name}`, () => answers(line) > 0);
  const wrong = lines.filter((line) => answers(line) !== 1);
  if (wrong.length > 0) throw new Error(`answered more than once after ${name}: ${wrong.join(', ')}`);
  await until(`a read after ${name}`, () => reads() > readsBefore + 1);
  done[name] += 1;
  console.log(
    `${round} ${name}: ${Math.round(performance.now() - began)} ms, ${READS * (reads() - readsBefore)} reads`,
  );
}
const lines = LINES * (done.pauses + done.save + done.elsewhere);
console.log(JSON.stringify({ ...done, lines, reads: READS * reads() }));
await guest[Symbol.asyncDispose]();
for (const path of [DISK, SNAPSHOT]) rmSync(path, { force: true });
