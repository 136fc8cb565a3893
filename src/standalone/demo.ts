/**
 * `script/demo`: the main job, told on the terminal. Every line with a tick was observed through the API or on a
 * guest's own console; anything else ends the demo with a sentence and exit code 1.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { newestKernel } from '../lab/kernels.ts';
import { eventTable } from './event-table.ts';
import { freePort } from './free-port.ts';
import { hasArm64Kvm } from './hosts.ts';
import { type Service, startService } from './service.ts';
import { terminal } from './terminal.ts';

const out = terminal();

/** Ends the demo unless `actual` is what the story needs. */
function expect<T>(what: string, actual: T, wanted: T): void {
  if (actual !== wanted) throw new Error(`${what} should be ${String(wanted)} and is ${String(actual)}.`);
}

const firmwareLine = (version: string) =>
  new RegExp(`PSCIv${version.replace('.', '\\.')} detected in firmware`);
const MARKER = /\bmarker ([0-9a-f]{16})\b/;
const READY = /holdfast guest ready/;

async function pinnedGuest({ operator, image, enrolled }: Service): Promise<void> {
  out.heading('A guest pinned at PSCI 1.1, below what its host offers');
  const vm = await operator.createVm({
    name: 'alpha',
    vcpus: 1,
    memoryMiB: 256,
    imageId: image.id,
    psci: { policy: 'pinned', version: '1.1' },
  });
  out.step('starting alpha');
  await operator.act(vm.id, 'start');
  const { hostId } = await operator.vm(vm.id);
  out.seen('alpha runs on', [...enrolled.values()].find(({ id }) => id === hostId)?.name);
  const line = await operator.consoleShows(vm.id, firmwareLine('1.1'));
  out.seen("alpha's own console says", `"${line[0]}"`);
  await operator.consoleShows(vm.id, READY);
  out.step('stop: pressing its power key');
  const operation = await operator.act(vm.id, 'stop');
  const event = await operator.event(vm.id, 'the power-off of alpha', ({ kind }) => kind === 'poweroff');
  expect('the initiator of the power-off', event.initiator, 'operator');
  expect('the PSCI function', event.psci?.function, 'SYSTEM_OFF');
  expect('hibernation', event.hibernation, 'no');
  expect('the phase of alpha', (await operator.vm(vm.id)).phase, 'stopped');
  out.seen(`alpha powered off by ${event.psci?.function}; recorded as`, `poweroff by the ${event.initiator}`);
  out.detail(`operation ${operation.id} ${operation.status}`);
}

async function hibernatingGuest({ operator, image }: Service): Promise<void> {
  out.heading('A guest pinned at PSCI 1.3, which can say that it hibernates');
  const vm = await operator.createVm({
    name: 'beta',
    vcpus: 2,
    memoryMiB: image.memoryMiB,
    imageId: image.id,
    disks: [{ name: 'swap', sizeMiB: 512 }],
    psci: { policy: 'pinned', version: '1.3' },
  });
  out.step('starting beta, with a disk');
  await operator.act(vm.id, 'start');
  out.seen("beta's own console says", `"${(await operator.consoleShows(vm.id, firmwareLine('1.3')))[0]}"`);
  const marker = (await operator.consoleShows(vm.id, MARKER))[1];
  await operator.consoleShows(vm.id, READY);
  out.seen('beta put a random marker into its memory:', marker);

  out.step('hibernate: pressing its suspend key');
  await operator.act(vm.id, 'hibernate');
  const hibernated = await operator.event(
    vm.id,
    'the hibernation of beta',
    ({ kind }) => kind === 'hibernate',
  );
  expect('the initiator of the hibernation', hibernated.initiator, 'operator');
  expect('the PSCI function', hibernated.psci?.function, 'SYSTEM_OFF2');
  expect('hibernation', hibernated.hibernation, 'yes');
  const asleep = await operator.vm(vm.id);
  expect('the phase of beta', asleep.phase, 'hibernated');
  expect('the pin of the hibernated beta', asleep.psci.effective, '1.3');
  out.seen(
    `beta called ${hibernated.psci?.function}; recorded as`,
    `hibernate by the ${hibernated.initiator}`,
  );

  out.step('starting beta again: it resumes');
  await operator.act(vm.id, 'start');
  const resumed = await operator.consoleShows(vm.id, new RegExp(`resumed, ${MARKER.source}`));
  expect("the marker in beta's memory", resumed[1], marker);
  const awake = await operator.vm(vm.id);
  expect('the pin of the resumed beta', awake.psci.effective, '1.3');
  out.seen('beta goes on where it was: its memory holds the marker', marker);
  const reading = await operator.shell(vm.id, 'psci', firmwareLine('1.3'));
  out.seen('and it still reads', `"${reading[0]}"`);

  out.step('typing poweroff into its console');
  await operator.type(vm.id, 'poweroff -f\n');
  const off = await operator.event(vm.id, "beta's own power-off", ({ kind }) => kind === 'poweroff');
  expect('the initiator of the power-off', off.initiator, 'guest');
  await operator.inPhase(vm.id, 'stopped');
  out.seen('beta powered itself off; recorded as', `poweroff by the ${off.initiator}`);
}

/** Reads the table behind the API's back, and holds it against what the API said. */
async function record(service: Service): Promise<void> {
  out.heading('The events, as Postgres has them');
  const rows = await eventTable(service.postgres.url);
  for (const line of rows.lines) out.plain(line);
  expect('the number of events in Postgres', rows.count, (await service.operator.allEvents()).length);
}

async function main(): Promise<void> {
  out.heading('Holdfast: one arm64 KVM host, two guests, every request on record');
  const dataDir = resolve(process.env.HOLDFAST_DATA ?? '.holdfast', 'demo');
  await rm(dataDir, { recursive: true, force: true });
  const kernels = hasArm64Kvm() ? [] : [newestKernel];
  const service = await startService({ dataDir, port: await freePort(), kernels, progress: out.step });
  try {
    for (const host of service.enrolled.values()) {
      out.seen(`host ${host.name}, Linux ${host.kernel}, accepts PSCI`, host.psci.accepted.join(', '));
      out.detail(`a guest that nobody pins would silently get ${host.psci.default}`);
    }
    await pinnedGuest(service);
    await hibernatingGuest(service);
    await record(service);
    out.heading('Every step was observed.');
  } finally {
    out.step('stopping the host, the API and Postgres');
    await service.stop();
  }
}

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
await main().then(
  () => process.exit(0),
  (error: unknown) => {
    out.failed(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
