/**
 * The keys as the thread that made the machine uses them. They are wired twice, to the virtio keyboard and to pins of
 * the GPIO controller, since some guests have a driver for one only. A guest with both must not see two presses, so
 * each press goes one way:
 *
 *     the keyboard's driver listens ──▶ keyboard
 *     else the guest has unmasked the key's pin ──▶ GPIO
 *     else ──▶ keyboard, where it waits for a driver that is on its way to sleep or back
 *
 * A key is released the way it was pressed.
 */
import type { PowerKey } from '../types.ts';
import type { DeviceContext, GpioSpec, VirtioInputSpec } from './device.ts';
import { InputEvents } from './input-events.ts';
import { KEYS, type Key } from './key-codes.ts';
import { Pl061 } from './pl061.ts';

/** Short enough to be a press and not a hold, long enough for a driver that debounces. */
const HOLD_MILLISECONDS = 100;
/** Two events for the press, and two for the release of each key that may be down. */
const ROOM_FOR_A_PRESS = 2 + 2 * KEYS.length;

type Way = 'keyboard' | 'gpio';

export interface HeldKey {
  readonly name: PowerKey;
  readonly way: Way;
}

export class PowerKeys {
  readonly #context: DeviceContext;
  readonly #events: InputEvents;
  readonly #gpio: Pl061;
  readonly #held = new Map<PowerKey, { readonly timer: NodeJS.Timeout; readonly way: Way }>();

  constructor(specs: { keyboard: VirtioInputSpec; gpio: GpioSpec }, context: DeviceContext) {
    this.#context = context;
    this.#events = new InputEvents(specs.keyboard, context.memory);
    this.#gpio = new Pl061(specs.gpio, context);
  }

  /** True while a driver of the guest listens to the keys, in whichever way. */
  get ready(): boolean {
    return this.#events.listening || KEYS.every(({ pin }) => this.#gpio.listens(pin));
  }

  /**
   * Presses a key and releases it 100 ms later. Events of the keyboard wait while the driver offers no buffers; a
   * driver that takes the keyboard anew does not hear of earlier ones. Returns false, and does nothing, when the key is
   * still down or too many events wait.
   */
  press(name: PowerKey): boolean {
    const key = KEYS.find((known) => known.name === name);
    if (key === undefined || this.#held.has(name)) return false;
    const way = this.#context.lock.run(() => {
      const chosen = this.#wayFor(key);
      if (chosen === 'keyboard' && this.#events.room < ROOM_FOR_A_PRESS) return undefined;
      this.#set(key, chosen, true);
      return chosen;
    });
    if (way === undefined) return false;
    this.#scheduleRelease(key, way);
    return true;
  }

  /** Keys that are down, and how the guest was told. */
  get held(): HeldKey[] {
    return Array.from(this.#held, ([name, { way }]) => ({ name, way }));
  }

  /** Takes up keys that were down in a machine that this one continues: their release is still to come. */
  hold(keys: readonly HeldKey[]): void {
    for (const { name, way } of keys) {
      const key = KEYS.find((known) => known.name === name);
      if (key !== undefined) this.#scheduleRelease(key, way);
    }
  }

  /** Forgets keys that are down. To be called before guest memory is unmapped. */
  close(): void {
    for (const { timer } of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
  }

  #wayFor(key: Key): Way {
    return !this.#events.listening && this.#gpio.listens(key.pin) ? 'gpio' : 'keyboard';
  }

  #scheduleRelease(key: Key, way: Way): void {
    const timer = setTimeout(() => this.#release(key, way), HOLD_MILLISECONDS);
    this.#held.set(key.name, { timer, way });
  }

  #release(key: Key, way: Way): void {
    this.#held.delete(key.name);
    this.#context.lock.run(() => this.#set(key, way, false));
  }

  #set(key: Key, way: Way, down: boolean): void {
    if (way === 'gpio') this.#gpio.drive(key.pin, down);
    else this.#events.key(key.code, down);
  }
}
