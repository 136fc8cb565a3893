/**
 * Runs one guest under Holdfast's worker and then under QEMU, until it powers off or its time is over: `node foreign.ts
 * ORDER` prints what each console showed and how it ended. bench/machine/foreign.ts brings it here.
 */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastVmm } from './holdfast.ts';
import { QemuVmm } from './qemu.ts';
import type { GuestConfig } from './vmm.ts';

export interface ForeignOrder {
  readonly guest: GuestConfig;
  readonly seconds: number;
}

/** Whether a child of this process ends in time; Node reaps it. */
async function ends(pid: number, seconds: number): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (existsSync(`/proc/${pid}`)) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

const { guest, seconds } = JSON.parse(process.argv[2] ?? '') as ForeignOrder;
for (const vmm of [HoldfastVmm.open(0), new QemuVmm()]) {
  const running = await vmm.start(guest);
  const ended = await ends(running.pid, seconds);
  const took = ((performance.now() - running.startedAt) / 1000).toFixed(1);
  process.stdout.write(`--- ${vmm.name}\n${running.console().toString('latin1')}\n`);
  process.stdout.write(
    `--- ${vmm.name} ${ended ? `ended after ${took} s` : `still runs after ${seconds} s`}\n`,
  );
  await running.end();
}
