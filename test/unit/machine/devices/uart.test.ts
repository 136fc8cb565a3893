import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceContext } from '../../../../src/machine/devices/device.ts';
import { GuestMemory } from '../../../../src/machine/devices/guest-memory.ts';
import { UART_INPUT_CAPACITY, Uart, uartSpec } from '../../../../src/machine/devices/uart.ts';
import { Lock } from '../../../../src/machine/lock.ts';

const [DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR] = [0, 1, 2, 3, 4, 5, 6, 7];
const FCR = IIR;
const SPI = 7;

let directory: string;
let fd: number;
let uart: Uart;
let context: DeviceContext;
/** Levels given to the interrupt controller, in order. */
let levels: boolean[];

const output = () => readFileSync(join(directory, 'console')).toString('latin1');
const read = (register: number) => uart.read(register, 1);
const write = (register: number, value: number) => uart.write(register, 1, value);
const type = (text: string) => uart.receive(new TextEncoder().encode(text));
const drain = () => {
  let text = '';
  while ((read(LSR) & 1) !== 0) text += String.fromCharCode(read(DATA));
  return text;
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-uart-'));
  fd = openSync(join(directory, 'console'), 'a');
  levels = [];
  const lock = new Lock(Lock.allocate());
  context = {
    memory: new GuestMemory(0, 0, new ArrayBuffer(4096)),
    lock,
    setInterrupt(spi, high) {
      expect(spi).toBe(SPI);
      levels.push(high);
    },
  };
  uart = new Uart(uartSpec({ base: 0x900_0000, spi: SPI, outputFd: fd }), context);
});
afterEach(() => {
  closeSync(fd);
  rmSync(directory, { recursive: true });
});

describe('output', () => {
  it('is there as soon as it is written, without a newline', () => {
    for (const byte of Buffer.from('login: ')) write(DATA, byte);
    expect(output()).toBe('login: ');
    expect(read(LSR)).toBe(0x60);
  });

  it.each([2, 4])('takes the low byte of an access of %i bytes', (length) => {
    uart.write(DATA, length, 0x1234_5641);
    expect(output()).toBe('A');
    expect(uart.read(LSR, length)).toBe(0x60);
    uart.write(SCR, length, 0xffff_ff5a);
    expect(read(SCR)).toBe(0x5a);
  });

  it('carries every byte value', () => {
    for (let byte = 0; byte < 256; byte++) write(DATA, byte);
    expect(readFileSync(join(directory, 'console'))).toEqual(Buffer.from([...Array(256).keys()]));
  });

  it('that the descriptor refuses does not stop the guest', () => {
    const full = openSync('/dev/full', 'w');
    const broken = new Uart(uartSpec({ base: 0, spi: SPI, outputFd: full }), context);
    broken.write(DATA, 1, 0x41);
    broken.write(DATA, 1, 0x42);
    expect(broken.read(LSR, 1)).toBe(0x60);
    closeSync(full);
  });

  it('says how much of it is lost once the descriptor takes bytes again', () => {
    const path = join(directory, 'mended');
    const fd = openSync('/dev/full', 'w');
    const broken = new Uart(uartSpec({ base: 0, spi: SPI, outputFd: fd }), context);
    for (const byte of Buffer.from('lost')) broken.write(DATA, 1, byte);
    // The same descriptor, elsewhere: the disk has room again.
    closeSync(fd);
    expect(openSync(path, 'a')).toBe(fd);
    for (const byte of Buffer.from('kept')) broken.write(DATA, 1, byte);
    closeSync(fd);
    expect(readFileSync(path, 'latin1')).toMatch(/^\r\n\[holdfast: 4 bytes of output are lost.*\]\r\nkept$/);
  });

  it('does not come from the divisor latch', () => {
    write(LCR, 0x83);
    write(DATA, 0x0c);
    write(IER, 0x01);
    expect(read(DATA)).toBe(0x0c);
    expect(read(IER)).toBe(0x01);
    write(LCR, 0x03);
    expect(read(IER)).toBe(0);
    expect(output()).toBe('');
  });
});

describe('input', () => {
  it('reaches the guest in order and interrupts it while some is left', () => {
    write(FCR, 0x01);
    write(IER, 0x01);
    expect(type('ok\n')).toBe(3);
    expect(levels).toEqual([true]);
    expect(read(IIR)).toBe(0xc4);
    expect(drain()).toBe('ok\n');
    expect(levels).toEqual([true, false]);
    expect(read(IIR)).toBe(0xc1);
    expect(read(DATA)).toBe(0);
  });

  it('names a time-out below the trigger level', () => {
    write(FCR, 0x81);
    write(IER, 0x01);
    type('1234567');
    expect(read(IIR)).toBe(0xcc);
    type('8');
    expect(read(IIR)).toBe(0xc4);
  });

  it('waits without an interrupt until the guest wants one', () => {
    type('x');
    expect(levels).toEqual([]);
    write(IER, 0x01);
    expect(levels).toEqual([true]);
    write(IER, 0x00);
    expect(levels).toEqual([true, false]);
    expect(drain()).toBe('x');
  });

  it('is refused, not lost, when the ring is full', () => {
    const text = Array.from({ length: 3 * UART_INPUT_CAPACITY }, (_, i) =>
      String.fromCharCode(33 + (i % 90)),
    ).join('');
    let sent = type(text);
    expect(sent).toBe(UART_INPUT_CAPACITY);
    expect(type('more')).toBe(0);
    let received = '';
    while (received.length < text.length) {
      for (let i = 0; i < 1000 && (read(LSR) & 1) !== 0; i++) received += String.fromCharCode(read(DATA));
      sent += type(text.slice(sent));
    }
    expect(received).toBe(text);
    expect(sent).toBe(text.length);
  });

  it('loses to a FIFO reset only what the FIFO holds', () => {
    write(FCR, 0x01);
    type('0123456789abcdefABC');
    write(FCR, 0x03);
    expect(drain()).toBe('ABC');
    type('xy');
    write(FCR, 0x00);
    expect(drain()).toBe('');
  });

  it('is seen the same by every thread of the machine', () => {
    const spec = uartSpec({ base: 0, spi: SPI, outputFd: fd });
    const one = new Uart(spec, context);
    const other = new Uart(spec, context);
    one.write(SCR, 1, 0x5a);
    other.receive(Uint8Array.of(0x21));
    expect(other.read(SCR, 1)).toBe(0x5a);
    expect(one.read(DATA, 1)).toBe(0x21);
    expect(other.read(LSR, 1)).toBe(0x60);
  });
});

describe("what Linux's 8250 driver tests at start", () => {
  it('finds the scratch register', () => {
    for (const value of [0x00, 0xff, 0xae]) {
      write(SCR, value);
      expect(read(SCR)).toBe(value);
    }
  });

  it('finds interrupt enables of four bits (autoconfig)', () => {
    write(IER, 0);
    expect(read(IER)).toBe(0);
    write(IER, 0xff);
    expect(read(IER)).toBe(0x0f);
  });

  it('finds RTS and OUT2 looped back as CTS and DCD (autoconfig)', () => {
    write(MCR, 0x10 | 0x0a);
    expect(read(MSR) & 0xf0).toBe(0x90);
    write(MCR, 0);
    expect(read(MSR) & 0xf0).toBe(0xb0);
  });

  it('finds a 16550A by its FIFO bits (autoconfig)', () => {
    write(FCR, 0x01);
    expect(read(IIR) >> 6).toBe(3);
    write(FCR, 0x00);
    expect(read(IIR) >> 6).toBe(0);
  });

  it('sees THRE reasserted whenever it is enabled (THRE test, TXEN test)', () => {
    expect(read(LSR) & 0x60).toBe(0x60);
    write(IER, 0x02);
    expect(read(IIR)).toBe(0x02);
    // Read, and so cleared.
    expect(read(IIR)).toBe(0x01);
    write(IER, 0x00);
    write(IER, 0x02);
    expect(read(IIR)).toBe(0x02);
    write(IER, 0x00);
    expect(read(IIR)).toBe(0x01);
    expect(levels.at(-1)).toBe(false);
  });

  it('is interrupted again after each byte sent, until it stops', () => {
    write(IER, 0x02);
    let sent = 0;
    while (read(IIR) === 0x02) if (sent < 20) write(DATA, 0x30 + (sent++ % 10));
    expect(output()).toBe('01234567890123456789');
    expect(levels.at(-1)).toBe(false);
  });
});

describe('loopback', () => {
  it('brings bytes back and sends none', () => {
    write(MCR, 0x10);
    write(DATA, 0x41);
    expect(read(LSR)).toBe(0x61);
    expect(drain()).toBe('A');
    expect(output()).toBe('');
  });

  it.each([
    ['without its FIFO', 0, 1],
    ['with it', 1, 16],
  ])('tells how long it is %s by an overrun, once, with an interrupt', (_, fifo, depth) => {
    write(MCR, 0x10);
    write(FCR, fifo);
    write(IER, 0x04);
    for (let byte = 0; byte < depth; byte++) {
      write(DATA, byte);
      expect(read(LSR)).toBe(0x61);
    }
    expect(levels).toEqual([]);
    write(DATA, 0xff);
    expect(levels).toEqual([true]);
    expect(read(IIR) & 0x0f).toBe(0x06);
    expect(read(LSR)).toBe(0x63);
    expect(levels).toEqual([true, false]);
    expect(read(LSR)).toBe(0x61);
    expect(Array.from(drain(), (byte) => byte.charCodeAt(0))).toEqual([...Array(depth).keys()]);
  });

  it('reports modem changes once, with an interrupt', () => {
    write(MCR, 0x10);
    expect(read(MSR)).toBe(0x0b);
    write(IER, 0x08);
    expect(levels).toEqual([]);
    write(MCR, 0x12);
    expect(levels).toEqual([true]);
    expect(read(IIR)).toBe(0x00);
    expect(read(MSR)).toBe(0x11);
    expect(levels).toEqual([true, false]);
    expect(read(MSR)).toBe(0x10);
  });

  it('reports the trailing edge of the ring indicator only', () => {
    write(MCR, 0x10);
    read(MSR);
    write(MCR, 0x14);
    expect(read(MSR)).toBe(0x40);
    write(MCR, 0x10);
    expect(read(MSR)).toBe(0x04);
  });
});

it('is found as firmware leaves a console', () => {
  expect(read(LCR)).toBe(0x03);
  write(LCR, 0x83);
  expect([read(DATA), read(IER)]).toEqual([1, 0]);
});

it('answers registers it does not have with zero', () => {
  expect(uart.read(8, 1)).toBe(0);
  expect(uart.read(0xfff, 1)).toBe(0);
  uart.write(0x18, 4, 0x41424344);
  uart.write(0x20, 1, 1);
  expect(output()).toBe('');
});
