/**
 * A PL031 real-time clock (Arm DDI 0224C), by which a guest has the right time from its boot on: it counts seconds and
 * tells the host's wall clock, or one that the guest has set as far off.
 *
 * The state has the distance to the host's clock and not the time, so that a guest that was paused, or saved and
 * restored, reads the time that it is then. The interrupt is level-triggered: high while the alarm has gone off, is
 * not cleared, and is not masked. An access has no timer, so the alarm goes off by clock-alarm.ts in the thread that
 * made the machine.
 */
import type { ClockSpec, DeviceContext, MmioDevice } from './device.ts';
import { PRIMECELL_SIZE, partOf, primecellId } from './primecell.ts';

/** The revision is the one that programs written for other machine monitors look for. */
const PART = { number: 0x031, revision: 1 };

/** Offsets, DDI 0224C table 3-1. */
const DATA = 0x000;
const MATCH = 0x004;
const LOAD = 0x008;
const CONTROL = 0x00c;
const MASK = 0x010;
const RAW_STATUS = 0x014;
const MASKED_STATUS = 0x018;
const CLEAR = 0x01c;

/** The clock runs; it cannot be stopped once it does. */
const CONTROL_ENABLED = 1;

/** Words of the shared state. */
/** What the guest's clock is ahead of the host's, in seconds. */
const S_OFFSET = 0;
const S_LOAD = 1;
const S_MATCH = 2;
const S_MASK = 3;
const S_RAW = 4;
/** 1 while the match lies ahead. */
const S_ARMED = 5;
/** The level last given to the interrupt controller. */
const S_LINE = 6;
/** Counts changes of what the alarm depends on. Waited on with Atomics, written by whoever changes it. */
const S_CHANGES = 7;
const STATE_WORDS = 8;

/** Describes a clock in its reset state, which tells the host's time. */
export function clockSpec(place: { base: number; spi: number }): ClockSpec {
  return { kind: 'pl031', size: PRIMECELL_SIZE, state: new SharedArrayBuffer(4 * STATE_WORDS), ...place };
}

export class Pl031 implements MmioDevice {
  readonly #spec: ClockSpec;
  readonly #context: Pick<DeviceContext, 'lock' | 'setInterrupt'>;
  readonly #state: Int32Array;
  readonly #now: () => number;

  /** `now` gives the host's wall clock in milliseconds since 1970. */
  constructor(
    spec: ClockSpec,
    context: Pick<DeviceContext, 'lock' | 'setInterrupt'>,
    now: () => number = Date.now,
  ) {
    this.#spec = spec;
    this.#context = context;
    this.#state = new Int32Array(spec.state);
    this.#now = now;
  }

  read(offset: number, length: number): number {
    const word = this.#context.lock.run(() => this.#read(offset & ~3));
    return partOf(word, offset, length);
  }

  /** Registers are written whole, as every driver does. */
  write(offset: number, length: number, value: number): void {
    if (length === 4) this.#context.lock.run(() => this.#write(offset, value));
  }

  /**
   * Sets the alarm off if its time has come. Gives the milliseconds until it does, or undefined while there is none
   * ahead. For the thread that keeps the time.
   */
  check(): number | undefined {
    return this.#context.lock.run(() => {
      if (this.#get(S_ARMED) === 0) return undefined;
      const seconds = (this.#get(S_MATCH) - this.#seconds()) | 0;
      if (seconds > 0) return 1000 * seconds - (this.#now() % 1000);
      this.#set(S_ARMED, 0);
      this.#set(S_RAW, 1);
      this.#updateInterrupt();
      return undefined;
    });
  }

  /** A count that changes whenever `check` may have another answer. */
  get changes(): number {
    return Atomics.load(this.#state, S_CHANGES);
  }

  /** Resolves once `changes` is no longer `seen`, or after so many milliseconds. */
  async changed(seen: number, milliseconds: number | undefined): Promise<void> {
    await Atomics.waitAsync(this.#state, S_CHANGES, seen, milliseconds).value;
  }

  /** Makes `changed` resolve. */
  wake(): void {
    Atomics.add(this.#state, S_CHANGES, 1);
    Atomics.notify(this.#state, S_CHANGES);
  }

  #read(offset: number): number {
    switch (offset) {
      case DATA:
        return this.#seconds();
      case MATCH:
        return this.#get(S_MATCH);
      case LOAD:
        return this.#get(S_LOAD);
      case CONTROL:
        return CONTROL_ENABLED;
      case MASK:
        return this.#get(S_MASK);
      case RAW_STATUS:
        return this.#get(S_RAW);
      case MASKED_STATUS:
        return this.#get(S_RAW) & this.#get(S_MASK);
      default:
        return primecellId(PART, offset);
    }
  }

  #write(offset: number, value: number): void {
    switch (offset) {
      case MATCH:
        this.#set(S_MATCH, value);
        this.#arm();
        return;
      case LOAD:
        this.#set(S_LOAD, value);
        this.#set(S_OFFSET, value - this.#hostSeconds());
        this.#arm();
        return;
      case MASK:
        this.#set(S_MASK, value & 1);
        this.#updateInterrupt();
        return;
      case CLEAR:
        if ((value & 1) !== 0) this.#set(S_RAW, 0);
        this.#updateInterrupt();
        return;
    }
  }

  /** The comparator sees equality only, so a match that lies behind is one of 2^32 seconds ahead: never. */
  #arm(): void {
    const ahead = (this.#get(S_MATCH) - this.#seconds()) | 0;
    this.#set(S_ARMED, ahead >= 0 ? 1 : 0);
    this.wake();
  }

  #updateInterrupt(): void {
    const level = this.#get(S_RAW) & this.#get(S_MASK);
    if (level === this.#get(S_LINE)) return;
    this.#set(S_LINE, level);
    this.#context.setInterrupt(this.#spec.spi, level === 1);
  }

  /** The guest's time, modulo 2^32. */
  #seconds(): number {
    return (this.#hostSeconds() + this.#get(S_OFFSET)) >>> 0;
  }

  #hostSeconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  /** Unsigned. */
  #get(word: number): number {
    return (this.#state[word] ?? 0) >>> 0;
  }

  #set(word: number, value: number): void {
    this.#state[word] = value;
  }
}
