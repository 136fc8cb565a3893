/**
 * A 16550A serial port (ns16550a in the device tree, one register per byte), as in National Semiconductor's PC16550D
 * data sheet and as drivers/tty/serial/8250 of Linux probes and drives it.
 *
 * Output: a byte written to THR is written to the descriptor at once, by the thread that took the exit. A buffer would
 * have to be flushed by a timer to show a prompt of a guest that then goes idle, and would lose its bytes with the
 * process; one write(2) costs a small part of the two or more exits that each byte costs anyway. So the transmitter is
 * always empty. A byte that the descriptor does not take (disk full) is lost, as on a line that nobody listens to.
 *
 * Input: a ring of 4096 bytes that the host fills; the guest sees its head through a receive FIFO of 16 bytes (1 with
 * the FIFO off). The ring takes what fits and says how much; nothing accepted is dropped but by the guest's own FIFO
 * reset. There are no modem lines, baud rates or line errors but an overrun in loopback, by which drivers measure the
 * FIFO.
 *
 * Registers are one byte each. A wider access is one to the register at its address: the guest's bus would take its low
 * byte and give zeros above it, as bare-metal programs expect that access every device by words.
 *
 * The interrupt is level-triggered: high while an enabled cause is pending.
 */
import { writeSync } from 'node:fs';
import type { DeviceContext, MmioDevice, UartSpec } from './device.ts';

/** Bytes of register space. */
const UART_SIZE = 0x1000;
/** Bytes of input that wait for the guest. */
export const UART_INPUT_CAPACITY = 4096;

/** Offsets; some name two registers, by direction or by the DLAB bit. */
const DATA = 0;
const IER = 1;
const IIR_FCR = 2;
const LCR = 3;
const MCR = 4;
const LSR = 5;
const MSR = 6;
const SCR = 7;

const IER_RX = 0x01;
const IER_THRE = 0x02;
const IER_LINE = 0x04;
const IER_MODEM = 0x08;
const IER_MASK = 0x0f;

/** Interrupt causes as IIR names them, without the FIFO bits. */
const IIR_NONE = 0x01;
const IIR_MODEM = 0x00;
const IIR_THRE = 0x02;
const IIR_RX = 0x04;
const IIR_LINE = 0x06;
const IIR_RX_TIMEOUT = 0x0c;
const IIR_FIFOS_ON = 0xc0;

const FCR_ENABLE = 0x01;
const FCR_CLEAR_RX = 0x02;
const RX_TRIGGER_LEVELS = [1, 4, 8, 14] as const;
const FIFO_DEPTH = 16;

const LCR_DLAB = 0x80;
/** As firmware leaves a console: 8 bits, no parity, and 115200 baud, the clock's rate divided by 16. */
const FIRMWARE_LCR = 0x03;
const FIRMWARE_DIVISOR = 1;

const MCR_LOOP = 0x10;
const MCR_MASK = 0x1f;

const LSR_DATA_READY = 0x01;
const LSR_OVERRUN = 0x02;
/** Transmit holding register empty and transmitter empty. */
const LSR_TRANSMITTER_IDLE = 0x60;

/** Clear to send, data set ready, carrier: a line that is always connected. */
const MSR_CONNECTED = 0xb0;

/** Words of the shared state; the input ring's bytes follow. */
const S_IER = 0;
const S_LCR = 1;
const S_MCR = 2;
const S_SCR = 3;
const S_DIVISOR_LOW = 4;
const S_DIVISOR_HIGH = 5;
const S_FCR = 6;
/** 1 while the cause "transmit holding register empty" is pending. */
const S_THRE = 7;
/** The four change bits of MSR. */
const S_MODEM_CHANGES = 8;
/** The level last given to the interrupt controller. */
const S_LINE = 9;
/** Free-running counts of bytes put into and taken out of the ring, modulo 2^31. */
const S_PUT = 10;
const S_TAKEN = 11;
/** 1 from a byte that the FIFO had no room for until LSR is read. */
const S_OVERRUN = 12;
const STATE_WORDS = 16;
const COUNT_MASK = 0x7fff_ffff;

/** Describes a port that nobody has used yet. */
export function uartSpec(place: { base: number; spi: number; outputFd: number }): UartSpec {
  const state = new SharedArrayBuffer(STATE_WORDS * 4 + UART_INPUT_CAPACITY);
  const words = new Int32Array(state, 0, STATE_WORDS);
  words[S_LCR] = FIRMWARE_LCR;
  words[S_DIVISOR_LOW] = FIRMWARE_DIVISOR;
  return {
    kind: 'uart',
    base: place.base,
    size: UART_SIZE,
    spi: place.spi,
    outputFd: place.outputFd,
    state,
  };
}

export class Uart implements MmioDevice {
  readonly #spec: UartSpec;
  readonly #context: DeviceContext;
  readonly #state: Int32Array;
  readonly #ring: Uint8Array;
  readonly #outgoing = new Uint8Array(1);
  /** Bytes of output that could not be written since the last that could, by this thread. */
  #lost = 0;

  constructor(spec: UartSpec, context: DeviceContext) {
    this.#spec = spec;
    this.#context = context;
    this.#state = new Int32Array(spec.state, 0, STATE_WORDS);
    this.#ring = new Uint8Array(spec.state, STATE_WORDS * 4, UART_INPUT_CAPACITY);
  }

  read(offset: number, _length: number): number {
    return this.#context.lock.run(() => this.#read(offset));
  }

  write(offset: number, _length: number, value: number): void {
    const byte = value & 0xff;
    const transmits = this.#context.lock.run(() => this.#write(offset, byte));
    // Outside the lock: a descriptor that blocks must hold up this vCPU only.
    if (transmits) this.#transmit(byte);
  }

  /**
   * Puts input into the ring, for any thread. Returns how many of the bytes, from the first on, were accepted; the
   * caller keeps the rest until the guest has read some.
   */
  receive(bytes: Uint8Array): number {
    return this.#context.lock.run(() => {
      const accepted = Math.min(bytes.length, UART_INPUT_CAPACITY - this.#waiting());
      for (let i = 0; i < accepted; i++) this.#put(bytes[i] ?? 0);
      this.#updateInterrupt();
      return accepted;
    });
  }

  #transmit(byte: number): void {
    this.#outgoing[0] = byte;
    try {
      if (this.#lost > 0) this.#tellLoss();
      writeSync(this.#spec.outputFd, this.#outgoing);
    } catch {
      // The guest goes on: its console is not what it runs for. Most likely the host's disk is full.
      this.#lost += 1;
    }
  }

  #tellLoss(): void {
    const notice = `\r\n[holdfast: ${this.#lost} bytes of output are lost: the host could not store them]\r\n`;
    writeSync(this.#spec.outputFd, Buffer.from(notice));
    this.#lost = 0;
  }

  #read(offset: number): number {
    switch (offset) {
      case DATA:
        return this.#divisorSelected() ? this.#get(S_DIVISOR_LOW) : this.#take();
      case IER:
        return this.#get(this.#divisorSelected() ? S_DIVISOR_HIGH : S_IER);
      case IIR_FCR:
        return this.#readCause();
      case LCR:
        return this.#get(S_LCR);
      case MCR:
        return this.#get(S_MCR);
      case LSR:
        return this.#readLineStatus();
      case MSR:
        return this.#readModemStatus();
      case SCR:
        return this.#get(S_SCR);
      default:
        return 0;
    }
  }

  /** Returns true when the byte is to be transmitted. */
  #write(offset: number, value: number): boolean {
    switch (offset) {
      case DATA:
        if (this.#divisorSelected()) {
          this.#set(S_DIVISOR_LOW, value);
          return false;
        }
        this.#set(S_THRE, 1);
        if (this.#looped()) this.#loop(value);
        this.#updateInterrupt();
        return !this.#looped();
      case IER:
        this.#writeIer(value);
        return false;
      case IIR_FCR:
        this.#writeFifoControl(value);
        return false;
      case LCR:
        this.#set(S_LCR, value);
        return false;
      case MCR:
        this.#writeModemControl(value & MCR_MASK);
        return false;
      case SCR:
        this.#set(S_SCR, value);
        return false;
      default:
        return false;
    }
  }

  #writeIer(value: number): void {
    if (this.#divisorSelected()) {
      this.#set(S_DIVISOR_HIGH, value);
      return;
    }
    // Enabling the cause while the register is empty raises it anew; Linux's THRE test relies on that.
    if ((value & IER_THRE) !== 0 && (this.#get(S_IER) & IER_THRE) === 0) this.#set(S_THRE, 1);
    this.#set(S_IER, value & IER_MASK);
    this.#updateInterrupt();
  }

  #writeFifoControl(value: number): void {
    const toggled = (value ^ this.#get(S_FCR)) & FCR_ENABLE;
    // Only what the FIFO holds is dropped; input further back has not been received yet.
    if (toggled !== 0 || (value & FCR_CLEAR_RX) !== 0) {
      const dropped = Math.min(this.#waiting(), this.#fifoDepth());
      this.#set(S_TAKEN, (this.#get(S_TAKEN) + dropped) & COUNT_MASK);
    }
    this.#set(S_FCR, (value & FCR_ENABLE) !== 0 ? value & 0xc1 : 0);
    this.#updateInterrupt();
  }

  #writeModemControl(value: number): void {
    const before = this.#modemLines();
    this.#set(S_MCR, value);
    const after = this.#modemLines();
    const changed = before ^ after;
    // CTS, DSR and DCD report any change, RI only its trailing edge (bit 6 → change bit 2).
    const changes = ((changed & 0xb0) | (changed & before & 0x40)) >> 4;
    this.#set(S_MODEM_CHANGES, this.#get(S_MODEM_CHANGES) | changes);
    this.#updateInterrupt();
  }

  #readLineStatus(): number {
    const status = LSR_TRANSMITTER_IDLE | (this.#waiting() > 0 ? LSR_DATA_READY : 0);
    if (this.#get(S_OVERRUN) === 0) return status;
    this.#set(S_OVERRUN, 0);
    this.#updateInterrupt();
    return status | LSR_OVERRUN;
  }

  #readModemStatus(): number {
    const status = this.#modemLines() | this.#get(S_MODEM_CHANGES);
    this.#set(S_MODEM_CHANGES, 0);
    this.#updateInterrupt();
    return status;
  }

  /** The upper half of MSR. In loopback RTS, DTR, OUT1 and OUT2 come back as CTS, DSR, RI and DCD. */
  #modemLines(): number {
    const mcr = this.#get(S_MCR);
    if ((mcr & MCR_LOOP) === 0) return MSR_CONNECTED;
    return ((mcr & 0x02) << 3) | ((mcr & 0x01) << 5) | ((mcr & 0x0c) << 4);
  }

  /** IIR. Reading it clears "transmit holding register empty" when that is the cause it names. */
  #readCause(): number {
    const cause = this.#cause();
    if (cause === IIR_THRE) {
      this.#set(S_THRE, 0);
      this.#updateInterrupt();
    }
    return cause | ((this.#get(S_FCR) & FCR_ENABLE) !== 0 ? IIR_FIFOS_ON : 0);
  }

  /** The enabled, pending cause of the highest priority. */
  #cause(): number {
    const ier = this.#get(S_IER);
    const waiting = this.#waiting();
    if ((ier & IER_LINE) !== 0 && this.#get(S_OVERRUN) !== 0) return IIR_LINE;
    if ((ier & IER_RX) !== 0 && waiting > 0) {
      const fcr = this.#get(S_FCR);
      const trigger = RX_TRIGGER_LEVELS[fcr >> 6] ?? 1;
      return (fcr & FCR_ENABLE) === 0 || waiting >= trigger ? IIR_RX : IIR_RX_TIMEOUT;
    }
    if ((ier & IER_THRE) !== 0 && this.#get(S_THRE) !== 0) return IIR_THRE;
    if ((ier & IER_MODEM) !== 0 && this.#get(S_MODEM_CHANGES) !== 0) return IIR_MODEM;
    return IIR_NONE;
  }

  #updateInterrupt(): void {
    const level = this.#cause() === IIR_NONE ? 0 : 1;
    if (level === this.#get(S_LINE)) return;
    this.#set(S_LINE, level);
    this.#context.setInterrupt(this.#spec.spi, level === 1);
  }

  #take(): number {
    if (this.#waiting() === 0) return 0;
    const taken = this.#get(S_TAKEN);
    const byte = this.#ring[taken % UART_INPUT_CAPACITY] ?? 0;
    this.#set(S_TAKEN, (taken + 1) & COUNT_MASK);
    this.#updateInterrupt();
    return byte;
  }

  #loop(byte: number): void {
    if (this.#waiting() < this.#fifoDepth()) this.#put(byte);
    else this.#set(S_OVERRUN, 1);
  }

  #put(byte: number): void {
    const put = this.#get(S_PUT);
    this.#ring[put % UART_INPUT_CAPACITY] = byte;
    this.#set(S_PUT, (put + 1) & COUNT_MASK);
  }

  #waiting(): number {
    return (this.#get(S_PUT) - this.#get(S_TAKEN)) & COUNT_MASK;
  }

  #fifoDepth(): number {
    return (this.#get(S_FCR) & FCR_ENABLE) !== 0 ? FIFO_DEPTH : 1;
  }

  #divisorSelected(): boolean {
    return (this.#get(S_LCR) & LCR_DLAB) !== 0;
  }

  #looped(): boolean {
    return (this.#get(S_MCR) & MCR_LOOP) !== 0;
  }

  #get(word: number): number {
    return this.#state[word] ?? 0;
  }

  #set(word: number, value: number): void {
    this.#state[word] = value;
  }
}
