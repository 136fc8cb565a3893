/**
 * A virtio input device (Virtio 1.2 section 5.8): a keyboard of the few keys by which the host asks something of the
 * guest's own power management. power-keys.ts presses them.
 */
import type { DeviceContext, VirtioInputSpec } from './device.ts';
import { allocateInputEvents, EV_KEY, EVENT_QUEUE, InputEvents } from './input-events.ts';
import { KEYS } from './key-codes.ts';
import { VIRTIO_MMIO_SIZE, VirtioMmio, type VirtioModel } from './virtio-mmio.ts';
import {
  allocateVirtioState,
  FEATURE_EVENT_IDX,
  INTERRUPT_USED_BUFFER,
  VirtioState,
} from './virtio-state.ts';
import { Virtqueue } from './virtqueue.ts';

const STATUS_QUEUE = 1;
const QUEUE_SIZE = 64;

/** Section 5.8.4: offsets in the configuration space. */
const CONFIG_SELECT = 0;
const CONFIG_SUBSELECT = 1;
const CONFIG_SIZE = 2;
const CONFIG_DATA = 8;
const CONFIG_BYTES = CONFIG_DATA + 128;
/** Values of select. */
const ID_NAME = 0x01;
const ID_SERIAL = 0x02;
const ID_DEVIDS = 0x03;
const EV_BITS = 0x11;

/** BUS_VIRTUAL of include/uapi/linux/input.h, then vendor, product and version, each le16. */
const DEVICE_IDS = [0x06, 0, 0x48, 0x46, 1, 0, 1, 0];

/** Describes the keyboard in its reset state. */
export function virtioInputSpec(
  options: Omit<VirtioInputSpec, 'kind' | 'size' | 'state' | 'config' | 'events'>,
): VirtioInputSpec {
  return {
    kind: 'virtio-input',
    size: VIRTIO_MMIO_SIZE,
    state: allocateVirtioState(2),
    config: new SharedArrayBuffer(2),
    events: allocateInputEvents(),
    ...options,
  };
}

export class VirtioInput extends VirtioMmio {
  constructor(spec: VirtioInputSpec, context: DeviceContext) {
    super(new VirtioState(spec.state, spec.irqFd), context, new InputModel(spec, context));
  }
}

class InputModel implements VirtioModel {
  readonly deviceId = 18;
  readonly features = [FEATURE_EVENT_IDX];
  readonly queueSizes = [QUEUE_SIZE, QUEUE_SIZE];
  readonly #select: Uint8Array;
  readonly #events: InputEvents;
  readonly #status: Virtqueue;

  constructor(spec: VirtioInputSpec, context: DeviceContext) {
    this.#select = new Uint8Array(spec.config);
    this.#events = new InputEvents(spec, context.memory);
    this.#status = new Virtqueue(context.memory, this.#events.state, STATUS_QUEUE);
  }

  config(): Uint8Array {
    const [select = 0, subselect = 0] = this.#select;
    const data = answer(select, subselect);
    const config = new Uint8Array(CONFIG_BYTES);
    config[CONFIG_SELECT] = select;
    config[CONFIG_SUBSELECT] = subselect;
    config[CONFIG_SIZE] = data.length;
    config.set(data, CONFIG_DATA);
    return config;
  }

  writeConfig(offset: number, value: number): void {
    if (offset === CONFIG_SELECT || offset === CONFIG_SUBSELECT) this.#select[offset] = value;
  }

  notified(queue: number): void {
    if (queue === EVENT_QUEUE) this.#events.deliver();
    else this.#discardStatus();
  }

  started(): void {
    this.#events.deliver();
  }

  reset(): void {
    this.#select.fill(0);
    this.#events.clear();
  }

  /**
   * The driver's own events (lamps, key repeat) concern no part of this keyboard; their buffers go back. At most a
   * queue of them, or a guest whose other CPU offers ever more would hold the machine's lock for as long as it likes.
   * What is left goes back at the next notification.
   */
  #discardStatus(): void {
    let interrupt = false;
    let left = QUEUE_SIZE;
    for (; left > 0; left -= 1) {
      const chain = this.#status.pop();
      if (chain !== null) interrupt = this.#status.push(chain.head, 0) || interrupt;
      else if (!this.#status.unmuteNotifications()) break;
    }
    if (left === 0) this.#leaveStatus();
    if (interrupt) this.#events.state.interrupt(INTERRUPT_USED_BUFFER);
  }

  /** Asks for a notification of what is offered from here on. */
  #leaveStatus(): void {
    for (let tries = QUEUE_SIZE; tries > 0; tries -= 1)
      if (!this.#status.unmuteNotifications(this.#status.offered)) return;
  }
}

/** What the configuration space shows for a selection; empty for what the keyboard does not have. */
function answer(select: number, subselect: number): Uint8Array {
  if (select === EV_BITS && subselect === EV_KEY) return keyBits(KEYS.map(({ code }) => code));
  if (subselect !== 0) return new Uint8Array();
  switch (select) {
    case ID_NAME:
      return new TextEncoder().encode('holdfast keys');
    case ID_SERIAL:
      return new TextEncoder().encode('holdfast-keys-0');
    case ID_DEVIDS:
      return Uint8Array.from(DEVICE_IDS);
    default:
      return new Uint8Array();
  }
}

function keyBits(codes: readonly number[]): Uint8Array {
  const bits = new Uint8Array((Math.max(...codes) >> 3) + 1);
  for (const code of codes) bits[code >> 3] = (bits[code >> 3] ?? 0) | (1 << (code & 7));
  return bits;
}
