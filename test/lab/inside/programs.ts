/**
 * Bare-metal programs for `virt`-like machines: flat code without a header, MMU off, the device tree's address in x0.
 * Each tells what it sees by bytes to the serial port; `test/lab/bare-metal.test.ts` says what is right.
 *
 * x28 holds the serial port's address and x27 that of words which all CPUs share, zero at first.
 */
import { GIC_DISTRIBUTOR, GIC_REDISTRIBUTOR, MIB, RAM_BASE, UART } from '../../../src/machine/layout.ts';
import { psciNode } from '../../../src/psci/fdt.ts';
import { functionId, type PsciFunctionName } from '../../../src/psci/functions.ts';
import type { PsciVersion } from '../../../src/psci/versions.ts';
import {
  addRegister,
  addTo,
  adr,
  align,
  and,
  assemble,
  b,
  beq,
  bl,
  bne,
  cbnz,
  cbz,
  compare,
  compareTo,
  copy,
  dsb,
  eret,
  type Item,
  isb,
  label,
  load8,
  load32,
  load64,
  maskInterrupts,
  or,
  readSystem,
  ret,
  rev32,
  SYSTEM,
  shiftRight,
  store8,
  store32,
  store64,
  text,
  unmaskInterrupts,
  wfi,
  writeSystem,
} from './assembler.ts';
import { hvc, mov } from './payload.ts';

const SHARED = RAM_BASE + MIB;
const begin: Item[] = [...mov(28, UART.base), ...mov(27, SHARED)];
const tell = (register: number): Item => store8(register, 28);

/** Leaves the answer in x0. `arguments` go to x1 and up. */
function psci(name: PsciFunctionName, ...values: readonly number[]): Item[] {
  return [...values.flatMap((value, i) => mov(i + 1, value)), ...mov(0, functionId(name)), ...hvc];
}
const psciAt = (version: PsciVersion, name: 'CPU_ON' | 'CPU_OFF'): number =>
  psciNode(version).functions[name.toLowerCase()] ?? functionId(name, name === 'CPU_ON' ? 64 : 32);

/** CPU_ON of `cpu` at a label, with a context id from a register. */
function cpuOn(version: PsciVersion, cpu: number, entry: string, context: number): Item[] {
  return [copy(3, context), adr(2, entry), ...mov(1, cpu), ...mov(0, psciAt(version, 'CPU_ON')), ...hvc];
}
const cpuOff = (version: PsciVersion): Item[] => [...mov(0, psciAt(version, 'CPU_OFF')), ...hvc];

/** Until the word at `offset` of the shared ones is not zero; it is then in x4. */
function awaitWord(name: string, offset: number): Item[] {
  return [label(name), load64(4, 27, offset), cbz(4, name)];
}
/** Until AFFINITY_INFO says that a CPU is off. */
function awaitOff(name: string, cpu: number): Item[] {
  return [label(name), ...psci('AFFINITY_INFO', cpu, 0), compareTo(0, 1), bne(name)];
}
const setWord = (offset: number, value: number): Item[] => [...mov(4, value), store64(4, 27, offset)];

/** A CPU that was turned on: leaves its context id in word 0, waits for word 1 and turns itself off. */
const second = (version: PsciVersion): Item[] => [
  label('second'),
  ...begin,
  store64(0, 27, 0),
  ...awaitWord('second waits', 8),
  ...cpuOff(version),
];

/** How often two CPUs turn a third on at once. */
export const RACES = 50;

/**
 * CPU 1 is looked at, turned on, turned on again, turned off, and turned on once more; then CPUs 0 and 1 race to turn CPU
 * 2 on, RACES times. Bytes: off, SUCCESS, context id (2), on, ALREADY_ON, off, SUCCESS, races that one CPU won, starts of
 * CPU 2.
 */
export const cpuLife = assemble(
  begin,
  [psci('AFFINITY_INFO', 1, 0), tell(0)],
  [mov(5, 0x1234), cpuOn('1.0', 1, 'second', 5), tell(0)],
  [awaitWord('context', 0), tell(4), shiftRight(4, 4, 8), tell(4)],
  [psci('AFFINITY_INFO', 1, 0), tell(0)],
  [cpuOn('1.0', 1, 'second', 5), tell(0)],
  [setWord(8, 1), awaitOff('gone', 1), tell(0)],
  [cpuOn('1.0', 1, 'racer', 31), tell(0)],
  // x20: the round; x23: rounds with one SUCCESS and one ALREADY_ON.
  [mov(20, 0), mov(23, 0)],
  label('round'),
  [addTo(20, 20, 1), store64(20, 27, 16)],
  [cpuOn('1.0', 2, 'third', 20), copy(21, 0)],
  // The rival's result is in word 3 once word 4 names the round.
  [label('rival'), load64(4, 27, 32), compare(4, 20), bne('rival'), load64(22, 27, 24)],
  // One is 0, the other −4: they differ, and either sum is −4.
  [addRegister(4, 21, 22), addTo(4, 4, 4), cbnz(4, 'lost')],
  [compare(21, 22), beq('lost'), addTo(23, 23, 1)],
  label('lost'),
  [store64(20, 27, 48), awaitOff('third gone', 2)],
  [compareTo(20, RACES), bne('round')],
  [tell(23), load64(4, 27, 40), tell(4)],
  psci('SYSTEM_OFF'),

  second('1.0'),

  // CPU 1: in every round turns CPU 2 on as well.
  label('racer'),
  [begin, mov(20, 0)],
  [label('next'), load64(4, 27, 16), compare(4, 20), beq('next'), copy(20, 4)],
  [cpuOn('1.0', 2, 'third', 20), store64(0, 27, 24), dsb, store64(20, 27, 32), b('next')],

  // CPU 2: counts its starts and stays on until the round is over.
  label('third'),
  [begin, copy(20, 0), load64(4, 27, 40), addTo(4, 4, 1), store64(4, 27, 40)],
  [label('stay'), load64(4, 27, 48), compare(4, 20), bne('stay')],
  cpuOff('1.0'),
);

/**
 * PSCI 0.1 by the identifiers of the device tree, and calls that came later. Bytes: SUCCESS, context id (2), INVAL of a
 * CPU that is on, NOT_SUPPORTED of PSCI_VERSION, AFFINITY_INFO and SYSTEM_OFF, then SUCCESS once CPU 1 is off.
 */
export const oldPsci = assemble(
  begin,
  [mov(5, 0x4321), cpuOn('0.1', 1, 'second', 5), tell(0)],
  [awaitWord('context', 0), tell(4), shiftRight(4, 4, 8), tell(4)],
  [cpuOn('0.1', 1, 'second', 5), tell(0)],
  [psci('PSCI_VERSION'), tell(0)],
  [psci('AFFINITY_INFO', 1, 0), tell(0)],
  [psci('SYSTEM_OFF'), tell(0)],
  // Nothing says when it is off but that it can be turned on.
  setWord(8, 1),
  [label('again'), cpuOn('0.1', 1, 'second', 5), cbnz(0, 'again'), tell(0)],
  [label('halt'), wfi, b('halt')],
  second('0.1'),
);

const REDISTRIBUTOR = (cpu: number) => GIC_REDISTRIBUTOR.base + cpu * GIC_REDISTRIBUTOR.sizePerVcpu;
const SGI_FRAME = 0x1_0000;
/** Offsets of GICv3's registers (IHI 0069, chapter 12). */
const [GICR_WAKER, GICR_IGROUPR0, GICR_ISENABLER0] = [0x14, 0x80, 0x100];
/** Group 1 interrupts, affinity routing. */
const GICD_ENABLE = 0x12;
const [VIRTUAL_TIMER, PHYSICAL_TIMER] = [27, 30];
const NO_INTERRUPT = 1023;

/** Readies a CPU for its software-generated interrupts and timers. */
function interruptsOf(cpu: number): Item[] {
  return [
    ...mov(6, REDISTRIBUTOR(cpu)),
    store32(31, 6, GICR_WAKER),
    ...mov(6, REDISTRIBUTOR(cpu) + SGI_FRAME),
    ...mov(4, 0xffff_ffff),
    store32(4, 6, GICR_IGROUPR0),
    ...mov(4, 0xffff | (1 << VIRTUAL_TIMER) | (1 << PHYSICAL_TIMER)),
    store32(4, 6, GICR_ISENABLER0),
    ...mov(4, 1),
    writeSystem(SYSTEM.ICC_SRE_EL1, 4),
    isb,
    ...mov(4, 0xff),
    writeSystem(SYSTEM.ICC_PMR_EL1, 4),
    ...mov(4, 1),
    writeSystem(SYSTEM.ICC_IGRPEN1_EL1, 4),
    isb,
  ];
}

/** Sends a software-generated interrupt to a CPU of Aff0 0 to 15. */
function sendTo(cpu: number, interrupt: number): Item[] {
  return [...mov(4, (interrupt << 24) | (1 << cpu)), dsb, writeSystem(SYSTEM.ICC_SGI1R_EL1, 4), isb];
}

/** Waits for an interrupt with interrupts masked, takes and ends it; its number is then in x5. */
function awaitInterrupt(name: string): Item[] {
  return [
    label(name),
    wfi,
    readSystem(5, SYSTEM.ICC_IAR1_EL1),
    compareTo(5, NO_INTERRUPT),
    beq(name),
    writeSystem(SYSTEM.ICC_EOIR1_EL1, 5),
    isb,
  ];
}

/**
 * Starts a timer and waits until the handler has left its interrupt's number in word 2. Interrupts are masked but for an
 * instant after each `wfi`: one that were taken before it would be waited for in vain.
 */
function awaitTimer(
  name: string,
  value: typeof SYSTEM.CNTV_TVAL_EL0 | typeof SYSTEM.CNTP_TVAL_EL0,
  control: typeof SYSTEM.CNTV_CTL_EL0 | typeof SYSTEM.CNTP_CTL_EL0,
): Item[] {
  return [
    store64(31, 27, 16),
    ...mov(4, 100_000),
    writeSystem(value, 4),
    ...mov(4, 1),
    writeSystem(control, 4),
    isb,
    label(name),
    wfi,
    unmaskInterrupts,
    isb,
    maskInterrupts,
    load64(4, 27, 16),
    cbz(4, name),
    tell(4),
  ];
}

/** Where the vector for interrupts at the current exception level lies in the table. */
const IRQ_VECTOR = 0x280;

/**
 * CPU 0 sends interrupt 5 to CPU 1, which answers with 7; then both timers of CPU 0 interrupt it. Bytes: what CPU 1 got,
 * what CPU 0 got, the virtual timer's interrupt, the physical timer's.
 */
export const interrupts = assemble(
  begin,
  [mov(6, GIC_DISTRIBUTOR.base), mov(4, GICD_ENABLE), store32(4, 6)],
  interruptsOf(0),
  [cpuOn('1.0', 1, 'listener', 31), awaitWord('ready', 0)],
  [sendTo(1, 5), awaitInterrupt('answer'), load64(4, 27, 8), tell(4), tell(5)],
  [adr(4, 'vectors'), writeSystem(SYSTEM.VBAR_EL1, 4), isb],
  awaitTimer('virtual', SYSTEM.CNTV_TVAL_EL0, SYSTEM.CNTV_CTL_EL0),
  awaitTimer('physical', SYSTEM.CNTP_TVAL_EL0, SYSTEM.CNTP_CTL_EL0),
  psci('SYSTEM_OFF'),

  label('listener'),
  [begin, interruptsOf(1), setWord(0, 1)],
  [awaitInterrupt('asked'), store64(5, 27, 8), sendTo(0, 7)],
  cpuOff('1.0'),

  [align(0x800), label('vectors')],
  Array.from({ length: IRQ_VECTOR / 4 }, () => b('wrong')),
  [readSystem(5, SYSTEM.ICC_IAR1_EL1), store64(5, 27, 16)],
  [writeSystem(SYSTEM.CNTV_CTL_EL0, 31), writeSystem(SYSTEM.CNTP_CTL_EL0, 31), isb],
  [writeSystem(SYSTEM.ICC_EOIR1_EL1, 5), eret],
  // Another exception than the one that is waited for.
  [label('wrong'), psci('SYSTEM_RESET')],
);

/** Tokens of a device tree (Devicetree Specification v0.4, section 5.4.1). */
const [BEGIN_NODE, PROPERTY, END] = [1, 3, 9];

/**
 * Finds the serial port as `stdout-path` of the device tree says. Bytes, to that port: the exception level, whether the
 * MMU is on, whether interrupts and aborts are let in, x1 | x2 | x3 as they came, all bytes of the initramfs, "8" written
 * as a byte and "w" as a word.
 */
export const serialConsole = assemble(
  [copy(20, 0), or(21, 1, 2), or(21, 21, 3)],
  [load32(4, 20, 0), rev32(4, 4), mov(5, 0xd00d_feed), compare(4, 5), bne('fail')],
  // x22: where the structure goes on; x23: the strings.
  [bl('rewind')],
  [label('find path'), bl('token'), compareTo(5, PROPERTY), bne('find path')],
  [adr(11, 'stdout-path'), bl('equal'), cbz(12, 'find path')],
  // The path has one step: it is a node of the root.
  [addTo(24, 7, 1), bl('rewind')],
  [label('find node'), bl('token'), compareTo(5, BEGIN_NODE), bne('find node')],
  [copy(11, 24), bl('equal'), cbz(12, 'find node')],
  [label('find reg'), bl('token'), compareTo(5, PROPERTY), bne('find reg')],
  [adr(11, 'reg'), bl('equal'), cbz(12, 'find reg')],
  // Two cells of address: it lies below 4 GiB.
  [load32(28, 7, 4), rev32(28, 28)],
  [readSystem(4, SYSTEM.CURRENT_EL), shiftRight(4, 4, 2), tell(4)],
  [readSystem(4, SYSTEM.SCTLR_EL1), mov(5, 1), and(4, 4, 5), tell(4)],
  [readSystem(4, SYSTEM.DAIF), shiftRight(4, 4, 6), tell(4)],
  tell(21),
  // Either end lies below 4 GiB.
  [bl('rewind')],
  [label('find start'), bl('token'), compareTo(5, PROPERTY), bne('find start')],
  [adr(11, 'initrd-start'), bl('equal'), cbz(12, 'find start'), load32(24, 7, 4), rev32(24, 24)],
  [bl('rewind')],
  [label('find end'), bl('token'), compareTo(5, PROPERTY), bne('find end')],
  [adr(11, 'initrd-end'), bl('equal'), cbz(12, 'find end'), load32(25, 7, 4), rev32(25, 25)],
  [label('more'), load8(4, 24), tell(4), addTo(24, 24, 1), compare(24, 25), bne('more')],
  // The transmitter says that it is free, as polling programs wait for.
  [label('busy'), load8(4, 28, 5), mov(5, 0x20), and(4, 4, 5), cbz(4, 'busy')],
  [mov(4, 0x38), store8(4, 28), mov(4, 0x77), store32(4, 28)],
  psci('SYSTEM_OFF'),
  [label('fail'), psci('SYSTEM_RESET')],

  [label('rewind'), load32(22, 20, 8), rev32(22, 22), addRegister(22, 22, 20)],
  [load32(23, 20, 12), rev32(23, 23), addRegister(23, 23, 20), ret],

  // x5: the next token; of a node its name in x10, of a property its name in x10 and its value in x7. x22 is behind it.
  [label('token'), load32(5, 22), rev32(5, 5), addTo(22, 22, 4)],
  [compareTo(5, BEGIN_NODE), beq('node'), compareTo(5, PROPERTY), beq('property')],
  [compareTo(5, END), beq('fail'), ret],
  [label('node'), copy(10, 22)],
  [label('name'), load8(4, 22), addTo(22, 22, 1), cbnz(4, 'name'), b('aligned')],
  [label('property'), load32(8, 22), rev32(8, 8), load32(10, 22, 4), rev32(10, 10)],
  [addRegister(10, 10, 23), addTo(7, 22, 8), addRegister(22, 7, 8)],
  [label('aligned'), addTo(22, 22, 3), mov(4, 0xffff_fffc), and(22, 22, 4), ret],

  // x12: whether the strings at x10 and x11 are equal.
  [label('equal'), load8(4, 10), load8(6, 11), addTo(10, 10, 1), addTo(11, 11, 1)],
  [compare(4, 6), bne('unequal'), cbnz(4, 'equal'), mov(12, 1), ret],
  [label('unequal'), mov(12, 0), ret],

  [label('stdout-path'), text('stdout-path'), label('reg'), text('reg')],
  [label('initrd-start'), text('linux,initrd-start'), label('initrd-end'), text('linux,initrd-end')],
);
