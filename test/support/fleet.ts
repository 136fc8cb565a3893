/**
 * The mixed fleet that the lab tests share: the API on its own Postgres and one emulated arm64 KVM host per kernel,
 * each with its agent. It is made by the first test that asks and dies with the test process, however that ends.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import type { LabHost } from '../../src/lab/host.ts';
import type { KernelLabel } from '../../src/lab/kernels.ts';
import { freePort } from '../../src/standalone/free-port.ts';
import type { NewVm, Operator, Vm, VmEvent } from '../../src/standalone/operator.ts';
import { type Service, startService } from '../../src/standalone/service.ts';
import { demoDisks } from './demo-image.ts';

export const FLEET_KERNELS: readonly KernelLabel[] = ['5.10', '6.1', '7.3'];

/** Short, so that a host's silence is noticed within a test, and not so short that a busy one seems silent. */
const LEASE = { HOLDFAST_LEASE_SECONDS: '40', HOLDFAST_HEARTBEAT_SECONDS: '3' };

let shared: Promise<Service> | undefined;

export function fleet(): Promise<Service> {
  shared ??= start();
  return shared;
}

async function start(): Promise<Service> {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-fleet-'));
  removeWithProcess(dataDir);
  const progress = (line: string) => process.stderr.write(`  fleet: ${line}\n`);
  // An API serves the page that it finds when it starts.
  execFileSync(resolve(import.meta.dirname, '../../script/build-dashboard'), { stdio: 'inherit' });
  return await startService({
    dataDir,
    port: await freePort(),
    kernels: FLEET_KERNELS,
    hostDisks: await demoDisks(),
    progress,
    env: LEASE,
  });
}

/** Vitest ends its processes by a signal, of which they are not told: another one waits for the end of this. */
function removeWithProcess(directory: string): void {
  // Postgres and the API end a little later, and write until they do.
  const script = 'cat >/dev/null; until rm -rf "$1" 2>/dev/null; do sleep 1; done';
  const remover = spawn('sh', ['-c', script, 'remover', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  remover.unref();
  (remover.stdin as Socket).unref();
}

let created = 0;

/** A small VM on the host with `kernel`, or on any, gone at the end of the scope. */
export async function testVm(
  service: Service,
  kernel: KernelLabel | null,
  body: Partial<NewVm> = {},
): Promise<Vm & AsyncDisposable> {
  const { operator, image } = service;
  // A test before may have ended its agent, or the API, and a busy machine takes its time to come back.
  if (kernel !== null) await operator.activeHost(service.emulated(kernel).name);
  const vm = await operator.createVm({
    name: `test-${process.pid}-${++created}`,
    // A snapshot brings its own.
    ...(body.snapshotId === undefined ? { vcpus: 1, memoryMiB: 256, imageId: image.id } : {}),
    ...(kernel === null ? {} : { hostSelector: { kernel } }),
    ...body,
  });
  return Object.assign(vm, { [Symbol.asyncDispose]: () => operator.remove(vm.id) });
}

/** Waits until the demo guest has booted. */
export async function guestReady(operator: Operator, vmId: string): Promise<void> {
  await operator.consoleShows(vmId, /holdfast guest ready/);
}

/** A first disk through which the host tells the guest of something: see `armed` and `tellGuest`. */
export const SIGNAL_DISK = { name: 'signal', sizeMiB: 1, readOnly: true };

/** Has the guest do something once it is told to: however busy the machine is, not before and not long after. */
export async function armed(operator: Operator, vmId: string, command: string): Promise<void> {
  const told = 'dd if=/dev/vda bs=512 count=1 iflag=direct 2>/dev/null | grep -q now';
  const wait = `(until ${told}; do sleep 0.2; done; ${command}) &`;
  await operator.shell(vmId, `${wait} echo armed-$((6*7))`, /armed-42/);
}

/** Tells a guest that is `armed`; needs neither the agent nor the API. */
export async function tellGuest(lab: LabHost, vmId: string): Promise<void> {
  const disk = `/var/lib/holdfast/agent/vms/${vmId}/disks/${SIGNAL_DISK.name}.raw`;
  const { code, stderr } = await lab.exec(['dd', `of=${disk}`, 'conv=notrunc'], { input: 'now' });
  if (code !== 0) throw new Error(`the guest cannot be told: ${stderr}`);
}

/** What `dmesg` of the guest says of its firmware. */
export const detected = (version: string) =>
  new RegExp(`PSCIv${version.replace('.', '\\.')} detected in firmware`);

/** Holds the record of one VM against what must be true of any: one row per sequence, none missing. */
export function expectWhole(events: readonly VmEvent[]): void {
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const keys = events.map(({ bootId, kind, observedAt }) => `${bootId} ${kind} ${observedAt}`);
  expect(new Set(keys).size).toBe(keys.length);
}

/** Kind and initiator of each event, oldest first. */
export const story = (events: readonly VmEvent[]) =>
  events.map(({ kind, initiator }) => `${kind} by ${initiator}`);
