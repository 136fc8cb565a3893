/**
 * Reads a snapshot's file and believes nothing that a digest does not confirm. Opening it checks header, trailer and
 * table; each section is checked when it is read, and what is made of it may be used only once that has succeeded.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import {
  damaged,
  END_MAGIC,
  FORMAT,
  HEADER_BYTES,
  LARGEST_JSON_BYTES,
  LARGEST_TABLE_BYTES,
  MAGIC,
  type Section,
  SnapshotFormatError,
  TRAILER_BYTES,
} from './format.ts';
import { readRecords } from './sparse.ts';

/** What is read from the file at once. */
const BLOCK_BYTES = 256 * 1024;

export class SnapshotReader implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #sections: ReadonlyMap<string, Section>;

  private constructor(file: FileHandle, sections: readonly Section[]) {
    this.#file = file;
    this.#sections = new Map(sections.map((section) => [section.name, section]));
  }

  /** @throws SnapshotFormatError; the system's error when the file cannot be read */
  static async open(path: string): Promise<SnapshotReader> {
    const file = await open(path, 'r');
    try {
      return new SnapshotReader(file, await readTable(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get names(): string[] {
    return [...this.#sections.keys()];
  }

  /** A section's value, its digest checked; its shape is the caller's to check. @throws SnapshotFormatError */
  async json(name: string): Promise<unknown> {
    const section = this.#section(name);
    if (section.bytes > LARGEST_JSON_BYTES) throw damaged(`the section ${name} is too long`);
    const stream = new SectionStream(this.#file, section);
    const text = await stream.take(section.bytes);
    stream.finish();
    try {
      return JSON.parse(text.toString('utf8'));
    } catch {
      throw damaged(`the section ${name} is not JSON`);
    }
  }

  /**
   * Gives each record of a section that describes `size` bytes to `use`, in order, each after the last has been used.
   * Only when this resolves were they what was written.
   * @throws SnapshotFormatError
   */
  async sparse(
    name: string,
    size: number,
    use: (offset: number, bytes: Buffer) => void | Promise<void>,
  ): Promise<void> {
    const stream = new SectionStream(this.#file, this.#section(name));
    for await (const { offset, bytes } of readRecords((count) => stream.take(count), size)) {
      await use(offset, bytes);
    }
    stream.finish();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #section(name: string): Section {
    const section = this.#sections.get(name);
    if (section === undefined) throw damaged(`it has no section ${name}`);
    return section;
  }
}

/** One section from its first byte to its last. */
class SectionStream {
  readonly #file: FileHandle;
  readonly #section: Section;
  readonly #hash = createHash('sha256');
  /** Bytes of the section that have been taken. */
  #taken = 0;
  #block = Buffer.alloc(0);

  constructor(file: FileHandle, section: Section) {
    this.#file = file;
    this.#section = section;
  }

  async take(bytes: number): Promise<Buffer> {
    if (this.#taken + bytes > this.#section.bytes) {
      throw damaged(`the section ${this.#section.name} ends too early`);
    }
    if (this.#block.length < bytes) await this.#fill(bytes);
    const part = this.#block.subarray(0, bytes);
    this.#block = this.#block.subarray(bytes);
    this.#taken += bytes;
    this.#hash.update(part);
    return part;
  }

  /** Everything has been taken and was what was written, or it throws. */
  finish(): void {
    const { name, bytes, sha256 } = this.#section;
    if (this.#taken !== bytes) throw damaged(`the section ${name} goes on after its end`);
    if (this.#hash.digest('hex') !== sha256) throw damaged(`the section ${name} does not have its digest`);
  }

  async #fill(bytes: number): Promise<void> {
    const rest = this.#block;
    const from = this.#section.offset + this.#taken + rest.length;
    const left = this.#section.bytes - this.#taken - rest.length;
    const block = Buffer.allocUnsafe(
      rest.length + Math.min(left, Math.max(BLOCK_BYTES, bytes - rest.length)),
    );
    rest.copy(block);
    await readExactly(this.#file, block.subarray(rest.length), from);
    this.#block = block;
  }
}

async function readTable(file: FileHandle): Promise<Section[]> {
  const { size } = await file.stat();
  if (size < HEADER_BYTES) throw damaged(`it has ${size} bytes`);
  const head = await readPart(file, 0, HEADER_BYTES);
  if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged('it does not begin as a snapshot');
  const format = head.readUInt32LE(8);
  if (format > FORMAT) {
    throw new SnapshotFormatError(
      'SNAPSHOT_FORMAT_NOT_SUPPORTED',
      `The snapshot has format ${format}, and this host knows formats up to ${FORMAT}: upgrade Holdfast on the host.`,
    );
  }
  if (format !== FORMAT || head.readUInt32LE(12) !== HEADER_BYTES) throw damaged('its header makes no sense');
  if (size < HEADER_BYTES + TRAILER_BYTES) throw damaged(`it has ${size} bytes`);
  const trailer = await readPart(file, size - TRAILER_BYTES, TRAILER_BYTES);
  const reserved = trailer.subarray(48, TRAILER_BYTES - END_MAGIC.length);
  if (!trailer.subarray(-END_MAGIC.length).equals(END_MAGIC) || reserved.some((byte) => byte !== 0)) {
    throw damaged('it is cut short');
  }
  const offset = Number(trailer.readBigUInt64LE(0));
  const bytes = Number(trailer.readBigUInt64LE(8));
  if (bytes > LARGEST_TABLE_BYTES || offset + bytes + TRAILER_BYTES !== size) {
    throw damaged('its trailer makes no sense');
  }
  const table = await readPart(file, offset, bytes);
  const digest = createHash('sha256').update(head).update(table).digest();
  if (!digest.equals(trailer.subarray(16, 48))) throw damaged('its table does not have its digest');
  return parseTable(table, offset);
}

/** The table is what was written; yet sections that do not lie back to back would leave bytes unchecked. */
function parseTable(table: Buffer, end: number): Section[] {
  const value = JSON.parse(table.toString('utf8')) as { sections: Section[] };
  let offset = HEADER_BYTES;
  for (const section of value.sections) {
    if (section.offset !== offset) throw damaged('its sections have gaps');
    offset += section.bytes;
  }
  if (offset !== end) throw damaged('its sections have gaps');
  return value.sections;
}

async function readPart(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const part = Buffer.alloc(bytes);
  await readExactly(file, part, offset);
  return part;
}

async function readExactly(file: FileHandle, into: Buffer, from: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) throw damaged('it is cut short');
    done += bytesRead;
  }
}
