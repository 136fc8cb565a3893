/**
 * A flattened device tree, version 17, as chapter 5 of the Devicetree Specification v0.4 lays it out.
 *
 *   header | memory reservation block | structure block | strings block
 */

const MAGIC = 0xd00dfeed;
const VERSION = 17;
const LAST_COMPATIBLE_VERSION = 16;
const HEADER_BYTES = 40;
/** One entry of zeros: nothing is reserved. */
const RESERVATION_BYTES = 16;

const BEGIN_NODE = 1;
const END_NODE = 2;
const PROP = 3;
const END = 9;

export interface FdtNode {
  /** With its unit address; empty for the root. */
  readonly name: string;
  /** In the order they are to stand in. */
  readonly properties: readonly (readonly [name: string, value: Uint8Array])[];
  readonly children?: readonly FdtNode[];
}

/** A property that means something by being there. */
export const EMPTY = new Uint8Array();

const encoder = new TextEncoder();

/** Big-endian 32-bit cells; throws RangeError for what does not fit one. */
export function cells(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
      throw new RangeError(`${value} does not fit a device tree cell`);
    view.setUint32(index * 4, value);
  }
  return bytes;
}

/** Each value as two cells, high first; throws RangeError for negative values and those past 64 bits. */
export function cells64(...values: readonly (number | bigint)[]): Uint8Array {
  return cells(
    ...values.map(BigInt).flatMap((value) => [Number(value >> 32n), Number(value & 0xffff_ffffn)]),
  );
}

/** Strings, each with its terminating zero. */
export function strings(...values: readonly string[]): Uint8Array {
  return encoder.encode(values.map((value) => `${value}\0`).join(''));
}

export function writeFdt(root: FdtNode): Uint8Array {
  const names = new Strings();
  const structure = new Block();
  writeNode(structure, names, root);
  structure.word(END);

  const structureAt = HEADER_BYTES + RESERVATION_BYTES;
  const stringsAt = structureAt + structure.length;
  const total = stringsAt + names.block.length;
  const header = cells(
    MAGIC,
    total,
    structureAt,
    stringsAt,
    HEADER_BYTES,
    VERSION,
    LAST_COMPATIBLE_VERSION,
    0, // the boot CPU's reg
    names.block.length,
    structure.length,
  );
  const blob = new Uint8Array(total);
  blob.set(header);
  blob.set(structure.bytes(), structureAt);
  blob.set(names.block.bytes(), stringsAt);
  return blob;
}

function writeNode(structure: Block, names: Strings, node: FdtNode): void {
  structure.word(BEGIN_NODE);
  structure.append(strings(node.name));
  structure.align();
  for (const [name, value] of node.properties) {
    structure.word(PROP);
    structure.word(value.length);
    structure.word(names.offset(name));
    structure.append(value);
    structure.align();
  }
  for (const child of node.children ?? []) writeNode(structure, names, child);
  structure.word(END_NODE);
}

/** Bytes that grow. */
class Block {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  append(part: Uint8Array): void {
    this.#parts.push(part);
    this.length += part.length;
  }

  word(value: number): void {
    this.append(cells(value));
  }

  /** Zeros up to a multiple of 4. */
  align(): void {
    this.append(new Uint8Array(-this.length & 3));
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts, this.length);
  }
}

/** The strings block: each property name once. */
class Strings {
  readonly block = new Block();
  readonly #offsets = new Map<string, number>();

  offset(name: string): number {
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.block.length;
    this.#offsets.set(name, offset);
    this.block.append(strings(name));
    return offset;
  }
}
