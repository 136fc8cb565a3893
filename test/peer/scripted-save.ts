/** Snapshots of guests that follow a script: real files, with the disks' real content and no machine in them. */
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineConfig } from '../../src/machine/machine.ts';
import type { Save } from '../../src/machine/types.ts';
import type { FirmwareAbi } from '../../src/psci/firmware.ts';
import { DEVICES, diskSection, GIC, MANIFEST, MEMORY, VCPUS } from '../../src/snapshot/format.ts';
import { type Hardware, readManifest } from '../../src/snapshot/manifest.ts';
import { SnapshotReader } from '../../src/snapshot/reader.ts';
import { SnapshotWriter, type WrittenFile } from '../../src/snapshot/writer.ts';

const PAUSE_MILLISECONDS = 7.5;

export async function scriptedSave(
  path: string,
  config: MachineConfig,
  firmware: FirmwareAbi,
): Promise<Save> {
  const hardware = await hardwareOf(config);
  const written = write(path, config, { hardware, firmware });
  written.catch(() => undefined);
  const close = async (): Promise<void> => void (await written.catch(() => undefined));
  return { pauseMilliseconds: PAUSE_MILLISECONDS, hardware, written, close, [Symbol.asyncDispose]: close };
}

async function hardwareOf({
  vcpus,
  memoryMiB,
  psci,
  disks,
  nics,
  vsockCid,
}: MachineConfig): Promise<Hardware> {
  const sized = disks.map(async ({ name, path, readOnly }) => {
    return { name, bytes: (await stat(path)).size, readOnly };
  });
  const named = nics.map(({ name, mac }) => ({ name, mac }));
  return { vcpus, memoryMiB, psci, disks: await Promise.all(sized), nics: named, vsockCid };
}

async function write(
  path: string,
  { cmdline, disks }: MachineConfig,
  is: { readonly hardware: Hardware; readonly firmware: FirmwareAbi },
): Promise<WrittenFile> {
  const slow = /save-slow=(\d+)/.exec(cmdline)?.[1];
  if (slow !== undefined) await sleep(Number(slow));
  const writer = await SnapshotWriter.create(path);
  await writer.json(MANIFEST, {
    ...is,
    kernel: '0.0.0-scripted',
    savedAt: new Date().toISOString(),
  });
  for (const name of [VCPUS, GIC, DEVICES]) await writer.json(name, {});
  await writer.sparse(MEMORY, { size: 0, ranges: () => [], read: () => Promise.resolve() });
  for (const [i, { name, bytes }] of is.hardware.disks.entries()) {
    const file = await open(disks[i]?.path ?? '', 'r');
    await writer.sparse(diskSection(name), {
      size: bytes,
      ranges: () => [[0, bytes]],
      read: async (offset, into) => void (await file.read(into, 0, into.length, offset)),
    });
    await file.close();
  }
  return await writer.finish();
}

export async function assertRestorable(path: string): Promise<void> {
  await using reader = await SnapshotReader.open(path);
  await readManifest(reader);
}
