/**
 * Runs the programs of programs.ts as flat images in machines of this host; `node bare-metal.ts VERSION…` prints what
 * each told, and test/lab/bare-metal.test.ts says what is right.
 */
import { writeFileSync } from 'node:fs';
import { isPsciVersion, type PsciVersion } from '../../../src/psci/versions.ts';
import { Guest } from './guest.ts';
import { cpuLife, interrupts, oldPsci, serialConsole } from './programs.ts';
import { report } from './report.ts';

/** Told before it halts; the program of 0.1 cannot power off. */
const OLD_PSCI_BYTES = 8;

async function run(
  program: Uint8Array,
  psci: PsciVersion,
  vcpus: number,
  initramfsPath: string | null = null,
): Promise<unknown> {
  const kernelPath = '/tmp/flat';
  writeFileSync(kernelPath, program);
  await using guest = await Guest.make({
    ...{ kernelPath, initramfsPath, cmdline: '', memoryMiB: 16 },
    ...{ psci, vcpus },
  });
  guest.machine.run();
  const event = program === oldPsci ? await told(guest, OLD_PSCI_BYTES) : (await guest.ended).type;
  return { told: [...Buffer.from(guest.console, 'latin1')], event };
}

async function told(guest: Guest, bytes: number): Promise<null> {
  await guest.shows(new RegExp(`^.{${bytes}}`, 's'));
  return null;
}

const versions = process.argv.slice(2).filter(isPsciVersion);
const found: Record<string, unknown> = {};
for (const version of versions) {
  if (version === '0.1') found['oldPsci at 0.1'] = await run(oldPsci, version, 2);
  else found[`cpuLife at ${version}`] = await run(cpuLife, version, 3);
}
found.interrupts = await run(interrupts, '1.0', 2);
writeFileSync('/tmp/environment', 'env');
found.serialConsole = await run(serialConsole, '1.0', 1, '/tmp/environment');
report(found);
