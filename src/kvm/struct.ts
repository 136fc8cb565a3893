/**
 * C structures in an ArrayBuffer: named fields at fixed offsets.
 *
 * The buffer lies outside the JavaScript heap, so its address does not move while the `Struct` is alive.
 */

const SIZES = { u8: 1, u32: 4, u64: 8 } as const;
type Scalar = keyof typeof SIZES;
type Fields = Readonly<Record<string, readonly [offset: number, type: Scalar]>>;

export interface Layout<F extends Fields = Fields> {
  /** Without `struct`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly fields: F;
}

type Value<T extends Scalar> = T extends 'u64' ? bigint : number;
type Values<F extends Fields> = { readonly [K in keyof F]?: Value<F[K][1]> };

/** Declares a structure. @throws RangeError when a field is misaligned or passes the end. */
export function layout<const F extends Fields>(name: string, size: number, fields: F): Layout<F> {
  for (const [field, [offset, type]] of Object.entries(fields)) {
    if (offset % SIZES[type] !== 0 || offset + SIZES[type] > size) {
      throw new RangeError(`${name}.${field} does not fit at offset ${offset}.`);
    }
  }
  return { name, size, fields };
}

/** The offset of a field in bytes. */
export function offsetOf<F extends Fields>(of: Layout<F>, field: keyof F & string): number {
  const entry = of.fields[field];
  if (entry === undefined) throw new RangeError(`${of.name} has no field ${field}.`);
  return entry[0];
}

/** One zeroed structure, followed by `extra` bytes. */
export class Struct<F extends Fields> {
  readonly buffer: ArrayBuffer;
  readonly view: DataView;
  readonly #layout: Layout<F>;

  constructor(of: Layout<F>, extra = 0) {
    this.#layout = of;
    this.buffer = new ArrayBuffer(of.size + extra);
    this.view = new DataView(this.buffer);
  }

  get<K extends keyof F & string>(field: K): Value<F[K][1]>;
  get(field: keyof F & string): number | bigint {
    const [offset, type] = this.#field(field);
    if (type === 'u8') return this.view.getUint8(offset);
    if (type === 'u32') return this.view.getUint32(offset, true);
    return this.view.getBigUint64(offset, true);
  }

  /** Writes the given fields and leaves the others. */
  set(values: Values<F>): this {
    for (const [field, value] of Object.entries<number | bigint | undefined>(values)) {
      if (value === undefined) continue;
      const [offset, type] = this.#field(field);
      if (type === 'u8') this.view.setUint8(offset, Number(value));
      else if (type === 'u32') this.view.setUint32(offset, Number(value), true);
      else this.view.setBigUint64(offset, BigInt(value), true);
    }
    return this;
  }

  #field(field: string): readonly [number, Scalar] {
    const entry = this.#layout.fields[field];
    if (entry === undefined) throw new RangeError(`${this.#layout.name} has no field ${field}.`);
    return entry;
  }
}
