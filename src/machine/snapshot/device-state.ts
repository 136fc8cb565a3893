/**
 * The devices' state: the shared buffers of their descriptions, under a name that says which device and where.
 *
 * All that makes a device what it is lies in those buffers once its backend is at rest (devices/device.ts), so this
 * knows none of them. What they mean belongs to the release that wrote them: a buffer that is missing or has another
 * length is refused, not guessed at.
 */
import { closed, list, type Shaped, text } from '../../wire/shape.ts';
import type { DeviceSpec } from '../devices/device.ts';
import { RestoreError } from '../errors.ts';

export const devicesState = list(
  closed({
    name: text,
    buffers: list(closed({ name: text, base64: text })),
  }),
);
export type DevicesState = Shaped<typeof devicesState>;

/** A guest finds a device by its place, which is fixed for ever (layout.ts). */
function nameOf({ kind, base }: DeviceSpec): string {
  return `${kind}@${base.toString(16)}`;
}

/** Shared, and no state of the device. */
const NOT_STATE = new Set(['freeze']);

function buffersOf(spec: DeviceSpec): (readonly [name: string, bytes: Buffer])[] {
  return Object.entries(spec).flatMap(([name, value]) =>
    value instanceof SharedArrayBuffer && !NOT_STATE.has(name) ? [[name, Buffer.from(value)] as const] : [],
  );
}

/** No vCPU runs and every backend rests. */
export function takeDevices(specs: readonly DeviceSpec[]): DevicesState {
  return specs.map((spec) => ({
    name: nameOf(spec),
    buffers: buffersOf(spec).map(([name, bytes]) => ({ name, base64: bytes.toString('base64') })),
  }));
}

/** @throws RestoreError SNAPSHOT_MISMATCH, before anything has been changed */
export function restoreDevices(specs: readonly DeviceSpec[], saved: DevicesState): void {
  const copies = specs.flatMap((spec) => {
    const device = saved.find(({ name }) => name === nameOf(spec));
    if (device === undefined) throw mismatch(`it has no ${nameOf(spec)}`);
    return buffersOf(spec).map(([name, into]) => {
      const buffer = device.buffers.find((candidate) => candidate.name === name);
      const from = Buffer.from(buffer?.base64 ?? '', 'base64');
      if (buffer === undefined || from.length !== into.length) {
        throw mismatch(`the state "${name}" of ${device.name} has ${from.length} bytes, not ${into.length}`);
      }
      return { from, into };
    });
  });
  const stray = saved.find(({ name }) => !specs.some((spec) => nameOf(spec) === name));
  if (stray !== undefined) throw mismatch(`this machine has no ${stray.name}`);
  for (const { from, into } of copies) from.copy(into);
}

function mismatch(what: string): RestoreError {
  return new RestoreError(
    'SNAPSHOT_MISMATCH',
    `The snapshot's devices are not those of this release: ${what}. Restore it with the release that saved it.`,
  );
}
