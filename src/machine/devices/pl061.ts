/**
 * A PL061 GPIO controller (Arm DDI 0190B): eight pins, of which the host drives those that keys are wired to
 * (key-codes.ts). It is the way to a guest without virtio-input: Linux has gpio-keys on it.
 *
 * The interrupt is level-triggered: high while a pin's event, an edge that is latched until it is cleared or a level
 * that lasts, is not masked.
 */
import type { DeviceContext, GpioSpec, MmioDevice } from './device.ts';
import { PRIMECELL_SIZE, partOf, primecellId } from './primecell.ts';

const PART = { number: 0x061, revision: 0 };
const PINS = 0xff;

/** Offsets, DDI 0190B table 3-1. The data register takes 1 KiB: address bits 2 to 9 are a mask of pins. */
const DATA_END = 0x400;
const DIRECTION = 0x400;
const SENSE = 0x404;
const BOTH_EDGES = 0x408;
const EVENT = 0x40c;
const MASK = 0x410;
const RAW_STATUS = 0x414;
const MASKED_STATUS = 0x418;
const CLEAR = 0x41c;
const MODE = 0x420;

/** Words of the shared state: a bit for each pin. */
const S_DIRECTION = 0;
const S_SENSE = 1;
const S_BOTH_EDGES = 2;
const S_EVENT = 3;
const S_MASK = 4;
const S_MODE = 5;
/** What the guest drives. */
const S_OUTPUT = 6;
/** What the host drives. */
const S_INPUT = 7;
/** Edges seen and not cleared. */
const S_EDGES = 8;
/** The level last given to the interrupt controller. */
const S_LINE = 9;
const STATE_WORDS = 10;

/** Registers that hold what is written to them, and the word of each. */
const PLAIN: ReadonlyMap<number, number> = new Map([
  [DIRECTION, S_DIRECTION],
  [SENSE, S_SENSE],
  [BOTH_EDGES, S_BOTH_EDGES],
  [EVENT, S_EVENT],
  [MASK, S_MASK],
  [MODE, S_MODE],
]);

/** Describes a controller in its reset state, with every pin low. */
export function gpioSpec(place: { base: number; spi: number }): GpioSpec {
  return { kind: 'pl061', size: PRIMECELL_SIZE, state: new SharedArrayBuffer(4 * STATE_WORDS), ...place };
}

export class Pl061 implements MmioDevice {
  readonly #spec: GpioSpec;
  readonly #context: Pick<DeviceContext, 'lock' | 'setInterrupt'>;
  readonly #state: Int32Array;

  constructor(spec: GpioSpec, context: Pick<DeviceContext, 'lock' | 'setInterrupt'>) {
    this.#spec = spec;
    this.#context = context;
    this.#state = new Int32Array(spec.state);
  }

  read(offset: number, length: number): number {
    const word = this.#context.lock.run(() => this.#read(offset & ~3));
    return partOf(word, offset, length);
  }

  /** Registers have eight bits, in the lowest byte of their word. */
  write(offset: number, _length: number, value: number): void {
    if ((offset & 3) === 0) this.#context.lock.run(() => this.#write(offset, value & PINS));
  }

  /** Whether the guest listens to a pin, as a driver of a key does. Any thread, under the lock. */
  listens(pin: number): boolean {
    return (this.#get(S_MASK) & (1 << pin)) !== 0;
  }

  /** Sets the level of a pin from outside. Any thread, under the lock. */
  drive(pin: number, high: boolean): void {
    const input = this.#get(S_INPUT);
    const before = this.#levels();
    this.#set(S_INPUT, high ? input | (1 << pin) : input & ~(1 << pin));
    this.#latch(before);
    this.#updateInterrupt();
  }

  #read(offset: number): number {
    if (offset < DATA_END) return this.#levels() & (offset >> 2);
    const word = PLAIN.get(offset);
    if (word !== undefined) return this.#get(word);
    switch (offset) {
      case RAW_STATUS:
        return this.#raw();
      case MASKED_STATUS:
        return this.#raw() & this.#get(S_MASK);
      default:
        return primecellId(PART, offset);
    }
  }

  #write(offset: number, value: number): void {
    const before = this.#levels();
    const word = PLAIN.get(offset);
    if (word !== undefined) this.#set(word, value);
    else if (offset < DATA_END) {
      const pins = (offset >> 2) & this.#get(S_DIRECTION);
      this.#set(S_OUTPUT, (this.#get(S_OUTPUT) & ~pins) | (value & pins));
    } else if (offset === CLEAR) this.#set(S_EDGES, this.#get(S_EDGES) & ~value);
    else return;
    this.#latch(before);
    this.#updateInterrupt();
  }

  /** A pin is what its driver makes it. */
  #levels(): number {
    const direction = this.#get(S_DIRECTION);
    return (this.#get(S_OUTPUT) & direction) | (this.#get(S_INPUT) & ~direction);
  }

  /** Keeps the edges between two states of the pins that the guest asked for. */
  #latch(before: number): void {
    const now = this.#levels();
    const wanted = this.#get(S_BOTH_EDGES) | ~(now ^ this.#get(S_EVENT));
    this.#set(S_EDGES, this.#get(S_EDGES) | ((before ^ now) & wanted & ~this.#get(S_SENSE) & PINS));
  }

  #raw(): number {
    const sense = this.#get(S_SENSE);
    const levels = ~(this.#levels() ^ this.#get(S_EVENT)) & PINS;
    return (this.#get(S_EDGES) & ~sense) | (levels & sense);
  }

  #updateInterrupt(): void {
    const level = (this.#raw() & this.#get(S_MASK)) !== 0 ? 1 : 0;
    if (level === this.#get(S_LINE)) return;
    this.#set(S_LINE, level);
    this.#context.setInterrupt(this.#spec.spi, level === 1);
  }

  #get(word: number): number {
    return this.#state[word] ?? 0;
  }

  #set(word: number, value: number): void {
    this.#state[word] = value;
  }
}
