/**
 * The journal of one run: a file of lines `<crc32, 8 hex digits> <JSON>\n`, only ever appended to.
 *
 * Writing. A record is one write() and one fdatasync(); when append() returns, the record survives any crash of the
 * process and of the host. One process writes at a time: the worker that claimed the directory (identity.ts), then,
 * when that is surely dead, the agent.
 *
 * Reading. A crash can leave the last line torn; since each record was synced before the next was written, only the
 * last can be. Readers stop before it and the next writer cuts it off. A line that does not match its checksum with
 * sound lines after it is damage to the disk: it is counted and skipped, and what is sound is still delivered.
 *
 * A line that matches its checksum and is of a kind that this version does not know was written by another version. It
 * may mean anything, so neither it nor what follows is read, nothing is written behind it, and all of it waits for a
 * version that knows it.
 *
 * What a reader has seen may not have been synced yet, and would be gone after a power cut. JournalReader therefore
 * syncs the file itself before it gives records out: what left the host is also on its disk, and a sequence number is
 * never used for two records.
 */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncDirectory } from './files.ts';
import { type JournalEntry, journalEntry } from './records.ts';

export type {
  EventEntry,
  FailureEntry,
  JournalEntry,
  RequestEntry,
  RequestKind,
  UnmetEntry,
} from './records.ts';

const NEWLINE = 0x0a;

export function encodeEntry(entry: JournalEntry): Buffer {
  const json = JSON.stringify(entry);
  return Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n`);
}

/** One line without its newline, or null when it is not sound; 'unknown' when it is, and not understood. */
function decodeLine(line: Buffer): JournalEntry | 'unknown' | null {
  const json = line.subarray(9);
  if (line.length < 11 || line[8] !== 0x20) return null;
  if (line.toString('latin1', 0, 8) !== crc32(json).toString(16).padStart(8, '0')) return null;
  try {
    return journalEntry(JSON.parse(json.toString('utf8')), '');
  } catch {
    return 'unknown';
  }
}

export interface Scan {
  /** Up to the first line that is not understood. */
  readonly entries: readonly JournalEntry[];
  /** Bytes up to the end of the last of `entries`. */
  readonly readBytes: number;
  /** Whether another version wrote more than this one understands. */
  readonly unknown: boolean;
  /** Bytes up to the end of the last sound line; what follows is torn. */
  readonly soundBytes: number;
  /** Lines that are not sound and have sound ones after them. */
  readonly damagedLines: number;
}

export function scan(bytes: Buffer): Scan {
  const entries: JournalEntry[] = [];
  let [readBytes, soundBytes, damagedLines, suspect, start] = [0, 0, 0, 0, 0];
  let unknown = false;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    const entry = decodeLine(bytes.subarray(start, end));
    start = end + 1;
    if (entry === null) {
      suspect += 1;
      continue;
    }
    unknown ||= entry === 'unknown';
    soundBytes = start;
    if (unknown || entry === 'unknown') continue;
    entries.push(entry);
    damagedLines += suspect;
    suspect = 0;
    readBytes = start;
  }
  return { entries, readBytes, unknown, soundBytes, damagedLines };
}

/** Follows a journal that another process may be writing. */
export class JournalReader {
  readonly #path: string;
  #offset = 0;
  #damagedLines = 0;
  #unknown = false;

  constructor(path: string) {
    this.#path = path;
  }

  get damagedLines(): number {
    return this.#damagedLines;
  }

  /** Whether the last call of `read` stopped before records of another version. */
  get unknown(): boolean {
    return this.#unknown;
  }

  /**
   * The entries since the last call, durable by now. A file that does not exist yet has none.
   * @throws the system's error when the file cannot be read or synced; nothing is consumed then.
   */
  read(): readonly JournalEntry[] {
    const fd = openIfThere(this.#path);
    if (fd === null) return [];
    try {
      const bytes = readFrom(fd, this.#offset);
      if (bytes.length === 0) return [];
      const found = scan(bytes);
      this.#unknown = found.unknown;
      if (found.readBytes === 0) return [];
      fdatasyncSync(fd);
      this.#offset += found.readBytes;
      this.#damagedLines += found.damagedLines;
      return found.entries;
    } finally {
      closeSync(fd);
    }
  }
}

export class JournalWriter {
  readonly #fd: number;
  /** Bytes that are sound and synced. */
  #size: number;
  /** A write failed and may have left half a record behind `#size`. */
  #torn = false;
  /** What was in the journal when it was opened. */
  readonly found: readonly JournalEntry[];

  private constructor(fd: number, size: number, found: readonly JournalEntry[]) {
    this.#fd = fd;
    this.#size = size;
    this.found = found;
  }

  /**
   * Opens or makes the journal and cuts off a torn end. The caller is its only writer.
   * @throws Error also when another version wrote records that this one does not understand: nothing is changed then
   */
  static open(path: string): JournalWriter {
    const fd = openSync(path, 'a+', 0o600);
    try {
      const bytes = readFrom(fd, 0);
      const { entries, soundBytes, unknown } = scan(bytes);
      if (unknown) throw new Error(`${path} has records that only another version of Holdfast understands`);
      if (soundBytes < bytes.length) ftruncateSync(fd, soundBytes);
      fdatasyncSync(fd);
      syncDirectory(dirname(path));
      return new JournalWriter(fd, soundBytes, entries);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /**
   * Writes one record and returns when it is on the disk. After an error (a full disk) the same record may be appended
   * again: what the failed write left is cut off first.
   */
  append(entry: JournalEntry): void {
    const line = encodeEntry(entry);
    if (this.#torn) ftruncateSync(this.#fd, this.#size);
    this.#torn = true;
    for (let written = 0; written < line.length; ) written += writeSync(this.#fd, line, written);
    fdatasyncSync(this.#fd);
    this.#torn = false;
    this.#size += line.length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function readFrom(fd: number, offset: number): Buffer {
  const length = fstatSync(fd).size - offset;
  if (length <= 0) return Buffer.alloc(0);
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(fd, bytes, read, length - read, offset + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
