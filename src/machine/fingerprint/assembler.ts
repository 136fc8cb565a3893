/**
 * A small arm64 assembler: instructions by name, labels, data (Arm Architecture Reference Manual, DDI 0487, section
 * C6.2). Registers are numbers; 31 is XZR where a value is meant. It has what the guest of this folder is made of; the
 * lab's programs add what they need (test/lab/inside/assembler.ts).
 */

/** An instruction, one that refers to a label, a label, data, or a gap up to an alignment in bytes. */
export type Item =
  | number
  | { readonly to: string; readonly encode: (instructions: number) => number }
  | { readonly label: string }
  | { readonly data: Uint8Array }
  | { readonly align: number };

type Program = Item | readonly Program[];

/** The program's bytes. Labels resolve within it; it may lie at any address that its alignments divide. */
export function assemble(...program: readonly Program[]): Uint8Array {
  const items = program.flat(Number.POSITIVE_INFINITY as 1) as Item[];
  const labels = new Map<string, number>();
  let size = 0;
  for (const item of items) {
    if (typeof item === 'object' && 'label' in item) labels.set(item.label, size);
    size += sizeOf(item, size);
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const item of items) {
    if (typeof item === 'number') view.setUint32(at, item, true);
    else if ('data' in item) bytes.set(item.data, at);
    else if ('to' in item) {
      const target = labels.get(item.to);
      if (target === undefined) throw new Error(`There is no label ${item.to}.`);
      view.setUint32(at, item.encode((target - at) / 4) >>> 0, true);
    }
    at += sizeOf(item, at);
  }
  return bytes;
}

function sizeOf(item: Item, at: number): number {
  if (typeof item === 'number' || 'to' in item) return 4;
  if ('label' in item) return 0;
  if ('data' in item) return Math.ceil(item.data.length / 4) * 4;
  return (item.align - (at % item.align)) % item.align;
}

export const label = (name: string): Item => ({ label: name });
/** A gap up to a multiple of so many bytes. */
export const align = (bytes: number): Item => ({ align: bytes });
/** B: goes on at a label. */
export const b = (to: string): Item => ({ to, encode: (by) => 0x1400_0000 | (by & 0x03ff_ffff) });
/** ADR: the address of a label. */
export const adr = (register: number, to: string): Item => ({
  to,
  encode: (by) => 0x1000_0000 | ((by & 0x7_ffff) << 5) | register,
});
/** HVC #0: a call of the firmware. */
export const hvc: Item = 0xd400_0002;
/** ADD of a constant below 4096. */
export const addTo = (to: number, from: number, value: number): Item =>
  0x9100_0000 | (value << 10) | (from << 5) | to;
/** LDR and STR of a whole register: the value's register, the address's register, an offset in bytes. */
export const load64 = (to: number, address: number, offset = 0): Item =>
  0xf940_0000 | ((offset / 8) << 10) | (address << 5) | to;
export const store64 = (from: number, address: number, offset = 0): Item =>
  0xf900_0000 | ((offset / 8) << 10) | (address << 5) | from;
