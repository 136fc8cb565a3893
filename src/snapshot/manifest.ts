/** What a snapshot says of itself: the hardware its guest has, and where it comes from. */
import { firmwareAbi } from '../wire/firmware.ts';
import { flag, integer, list, nullable, open, type Shaped, ShapeError, text } from '../wire/shape.ts';
import {
  DEVICES,
  damaged,
  diskSection,
  GIC,
  MANIFEST,
  MEMORY,
  SnapshotFormatError,
  VCPUS,
} from './format.ts';
import type { SnapshotReader } from './reader.ts';

/** A machine that continues the guest must be just this. */
export const hardware = open({
  vcpus: integer(1),
  memoryMiB: integer(1),
  /** The pin. */
  psci: text,
  disks: list(open({ name: text, bytes: integer(1), readOnly: flag })),
  nics: list(open({ name: text, mac: text })),
  /** Null: it has no vsock. */
  vsockCid: nullable(integer(3)),
});
export type Hardware = Shaped<typeof hardware>;

export const manifest = open({
  hardware,
  firmware: firmwareAbi,
  /** Release of the host's kernel. */
  kernel: text,
  /** RFC 3339, by the host's clock. */
  savedAt: text,
});
export type Manifest = Shaped<typeof manifest>;

/** The manifest, its shape checked, of a file that holds what belongs to it and nothing else. @throws SnapshotFormatError */
export async function readManifest(reader: SnapshotReader): Promise<Manifest> {
  const found = shaped(manifest, await reader.json(MANIFEST), MANIFEST);
  const missing = found.hardware.disks.find(({ name }) => !reader.names.includes(diskSection(name)));
  if (missing !== undefined) throw damaged(`it lacks the content of the disk ${missing.name}`);
  const disks = found.hardware.disks.map(({ name }) => diskSection(name));
  const known = new Set([MANIFEST, VCPUS, GIC, DEVICES, MEMORY, ...disks]);
  const unknown = reader.names.find((name) => !known.has(name));
  if (unknown === undefined) return found;
  throw new SnapshotFormatError(
    'SNAPSHOT_FORMAT_NOT_SUPPORTED',
    `The snapshot holds "${unknown}" of its guest, which this host does not know: upgrade Holdfast on the host.`,
  );
}

/** A section's value with its shape checked. @throws SnapshotFormatError SNAPSHOT_DAMAGED */
export function shaped<T>(shape: (value: unknown, at: string) => T, value: unknown, section: string): T {
  try {
    return shape(value, '');
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw damaged(`the section ${section} makes no sense: ${error.message}`);
  }
}
