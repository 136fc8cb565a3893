/** The virtio keyboard as the thread that made the machine uses it. */
import type { PowerKey } from '../types.ts';
import type { DeviceContext, VirtioInputSpec } from './device.ts';
import { InputEvents } from './input-events.ts';
import { KEY_POWER, KEY_SUSPEND } from './virtio-input.ts';

const CODES: Readonly<Record<PowerKey, number>> = { power: KEY_POWER, hibernate: KEY_SUSPEND };

/** Short enough to be a press and not a hold, long enough for a driver that debounces. */
const HOLD_MILLISECONDS = 100;
/** Two events for the press, and two for the release of each key that may be down. */
const ROOM_FOR_A_PRESS = 2 + 2 * Object.keys(CODES).length;

export class PowerKeys {
  readonly #context: Pick<DeviceContext, 'lock'>;
  readonly #events: InputEvents;
  readonly #held = new Map<PowerKey, NodeJS.Timeout>();

  constructor(spec: VirtioInputSpec, context: Pick<DeviceContext, 'lock' | 'memory'>) {
    this.#context = context;
    this.#events = new InputEvents(spec, context.memory);
  }

  /** True while a driver of the guest has the keyboard (DRIVER_OK). */
  get ready(): boolean {
    return this.#events.state.live;
  }

  /**
   * Presses a key and releases it 100 ms later. Events wait while the driver offers no buffers; a driver that takes
   * the keyboard anew does not hear of earlier ones. Returns false, and does nothing, when the key is still down or
   * too many events wait.
   */
  press(key: PowerKey): boolean {
    if (this.#held.has(key)) return false;
    const pressed = this.#context.lock.run(() => {
      if (this.#events.room < ROOM_FOR_A_PRESS) return false;
      this.#events.key(CODES[key], true);
      return true;
    });
    if (pressed)
      this.#held.set(
        key,
        setTimeout(() => this.#release(key), HOLD_MILLISECONDS),
      );
    return pressed;
  }

  /** Forgets keys that are down. To be called before guest memory is unmapped. */
  close(): void {
    for (const timer of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
  }

  #release(key: PowerKey): void {
    this.#held.delete(key);
    this.#context.lock.run(() => this.#events.key(CODES[key], false));
  }
}
