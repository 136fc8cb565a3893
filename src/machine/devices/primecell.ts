/** What Arm's PrimeCell peripherals have in common: their size and the eight bytes by which drivers know them. */

/** Bytes of register space. */
export const PRIMECELL_SIZE = 0x1000;

/** PeriphID0 to 3 and PCellID0 to 3, each in the low byte of a word. */
const FIRST_ID = 0xfe0;
/** The class of all PrimeCells, 0xb105f00d. */
const CELL_ID = [0x0d, 0xf0, 0x05, 0xb1] as const;
/** 'A': Arm as the designer, in two nibbles; the part's number takes the other twelve bits. */
const DESIGNER = 0x41;

/** A part by its number, such as 0x031, and its revision. */
export interface Part {
  readonly number: number;
  readonly revision: number;
}

/** The identification word at `offset`; 0 where there is none. */
export function primecellId({ number, revision }: Part, offset: number): number {
  if (offset < FIRST_ID) return 0;
  const [low, high] = [number & 0xff, (number >> 8) | ((DESIGNER & 0xf) << 4)];
  const ids = [low, high, (revision << 4) | (DESIGNER >> 4), 0, ...CELL_ID];
  return ids[(offset - FIRST_ID) >> 2] ?? 0;
}

/** The bytes of a word that an access of `length` bytes at `offset` sees. */
export function partOf(word: number, offset: number, length: number): number {
  const shifted = word >>> (8 * (offset & 3));
  return length >= 4 ? shifted >>> 0 : shifted & (2 ** (8 * length) - 1);
}
