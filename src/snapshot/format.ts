/**
 * The file of a snapshot, format 1. Little-endian throughout.
 *
 *     0       header, 64 bytes    magic, format, length of the header, zeros
 *     64      sections            back to back, in the order of the table
 *     …       table               UTF-8 JSON: { "sections": [{ "name", "offset", "bytes", "sha256" }] }
 *     −64     trailer, 64 bytes   offset and length of the table, SHA-256 of header and table, zeros, magic
 *
 * The trailer's digest is the overall one: it covers the table, the table's digests cover the sections, and together
 * they leave no byte out. A file is written from its first byte to its last without going back, so that it can be
 * hashed and sent while it is written; a reader starts at both ends, and reads a section without the others.
 *
 *     manifest        JSON, manifest.ts: what hardware the guest has, its firmware interface, where and when
 *     vcpus           JSON: registers, multiprocessing state and waiting exceptions of each vCPU
 *     gic             JSON: the interrupt controller's registers and line levels
 *     devices         JSON: each device's state by its name, and input that waits for the console
 *     memory          sparse (sparse.ts): guest RAM from its first byte
 *     disk:<name>     sparse: a disk's content
 *
 * A file of disks alone, of a VM that is off, has these and before them
 *
 *     disks           JSON: [{ "name", "bytes" }]
 *
 * A change that a reader of format 1 would misread makes format 2. Members added to the JSON that may be ignored do
 * not; a section of an unknown name is refused, for state that is not restored is a wrong guest.
 */
export const FORMAT = 1;

export const HEADER_BYTES = 64;
export const TRAILER_BYTES = 64;
/** A byte that is no text, so that nothing takes the file for any, and a line end, which a transfer as text would hurt. */
export const MAGIC = Buffer.from('\x89HFSNAP\n', 'latin1');
export const END_MAGIC = Buffer.from('\x89HFSEND\n', 'latin1');
/** No table is longer: 8 sections and 16 disks take some 5 KB. */
export const LARGEST_TABLE_BYTES = 1024 * 1024;
/** Sections that are read at once. */
export const LARGEST_JSON_BYTES = 64 * 1024 * 1024;

export const MANIFEST = 'manifest';
export const VCPUS = 'vcpus';
export const GIC = 'gic';
export const DEVICES = 'devices';
export const MEMORY = 'memory';
/** Instead of a manifest. */
export const DISKS = 'disks';
const DISK_PREFIX = 'disk:';

export function diskSection(name: string): string {
  return `${DISK_PREFIX}${name}`;
}

export interface Section {
  readonly name: string;
  /** From the first byte of the file. */
  readonly offset: number;
  readonly bytes: number;
  /** Lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * SNAPSHOT_DAMAGED: some byte is not the one that was written, or the file is cut short.
 * SNAPSHOT_FORMAT_NOT_SUPPORTED: written by a newer Holdfast.
 */
export class SnapshotFormatError extends Error {
  override readonly name = 'SnapshotFormatError';
  readonly code: 'SNAPSHOT_DAMAGED' | 'SNAPSHOT_FORMAT_NOT_SUPPORTED';

  constructor(code: SnapshotFormatError['code'], detail: string) {
    super(detail);
    this.code = code;
  }
}

export function damaged(what: string): SnapshotFormatError {
  return new SnapshotFormatError(
    'SNAPSHOT_DAMAGED',
    `The snapshot is damaged: ${what}. Nothing of it was run; use another one.`,
  );
}
