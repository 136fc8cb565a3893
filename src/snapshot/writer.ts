/**
 * Writes a snapshot's file.
 *
 *     open ──section…──▶ sections ──finish──▶ whole, on the disk, under its name
 *        └───────────────── discard ─────────▶ nothing
 *
 * Until `finish` it lies under another name, so that a file under its own name is always whole.
 */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { END_MAGIC, FORMAT, HEADER_BYTES, MAGIC, type Section, TRAILER_BYTES } from './format.ts';
import { type SparseSource, sparseRecords } from './sparse.ts';

export interface WrittenFile {
  readonly bytes: number;
  /** Of the whole file: `sha256:` and lower-case hexadecimal digits. */
  readonly digest: string;
}

export class SnapshotWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #whole = createHash('sha256');
  readonly #head: Buffer;
  readonly #sections: Section[] = [];
  #offset = 0;
  #open = true;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
    this.#head = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(this.#head);
    this.#head.writeUInt32LE(FORMAT, 8);
    this.#head.writeUInt32LE(HEADER_BYTES, 12);
  }

  /** @throws the system's error, here and below: ENOSPC when the disk is full */
  static async create(path: string): Promise<SnapshotWriter> {
    const file = await open(partOf(path), 'w', 0o600);
    const writer = new SnapshotWriter(path, file);
    try {
      await writer.#append(writer.#head, null);
    } catch (error) {
      await writer.discard();
      throw error;
    }
    return writer;
  }

  async json(name: string, value: unknown): Promise<void> {
    await this.#section(name, [Buffer.from(JSON.stringify(value))]);
  }

  async sparse(name: string, source: SparseSource): Promise<void> {
    await this.#section(name, sparseRecords(source));
  }

  async finish(): Promise<WrittenFile> {
    const table = Buffer.from(JSON.stringify({ sections: this.#sections }));
    const trailer = Buffer.alloc(TRAILER_BYTES);
    trailer.writeBigUInt64LE(BigInt(this.#offset), 0);
    trailer.writeBigUInt64LE(BigInt(table.length), 8);
    createHash('sha256').update(this.#head).update(table).digest().copy(trailer, 16);
    END_MAGIC.copy(trailer, TRAILER_BYTES - END_MAGIC.length);
    await this.#append(table, null);
    await this.#append(trailer, null);
    await this.#file.sync();
    await this.#close();
    await rename(partOf(this.#path), this.#path);
    const directory = await open(dirname(this.#path), 'r');
    await directory.sync().finally(() => directory.close());
    return { bytes: this.#offset, digest: `sha256:${this.#whole.digest('hex')}` };
  }

  /** Removes what was written. Idempotent; nothing after `finish`. */
  async discard(): Promise<void> {
    if (!this.#open) return;
    await this.#close();
    await rm(partOf(this.#path), { force: true });
  }

  async #section(name: string, chunks: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    const offset = this.#offset;
    const hash = createHash('sha256');
    for await (const chunk of chunks) await this.#append(chunk, hash);
    this.#sections.push({ name, offset, bytes: this.#offset - offset, sha256: hash.digest('hex') });
  }

  async #append(bytes: Buffer, section: Hash | null): Promise<void> {
    this.#whole.update(bytes);
    section?.update(bytes);
    for (let done = 0; done < bytes.length; ) {
      done += (await this.#file.write(bytes, done, bytes.length - done)).bytesWritten;
    }
    this.#offset += bytes.length;
  }

  async #close(): Promise<void> {
    this.#open = false;
    await this.#file.close();
  }
}

/** Where a snapshot lies while it is written. */
export function partOf(path: string): string {
  return `${path}.part`;
}
