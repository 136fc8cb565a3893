/** Disks' content, into a file of its own and out of a snapshot or such a file. */
import { type FileHandle, open } from 'node:fs/promises';
import { integer, list, open as shape, text } from '../wire/shape.ts';
import { DISKS, damaged, diskSection } from './format.ts';
import { readManifest, shaped } from './manifest.ts';
import { SnapshotReader } from './reader.ts';
import type { SparseSource } from './sparse.ts';
import { SnapshotWriter, type WrittenFile } from './writer.ts';

const diskList = list(shape({ name: text, bytes: integer(1) }));

/**
 * Writes a file of disks alone, whole or not at all.
 * @throws the system's error (ENOSPC when the disk is full)
 */
export async function writeDisks(
  path: string,
  disks: readonly { readonly name: string; readonly content: SparseSource }[],
): Promise<WrittenFile> {
  const writer = await SnapshotWriter.create(path);
  try {
    await writer.json(
      DISKS,
      disks.map(({ name, content }) => ({ name, bytes: content.size })),
    );
    for (const { name, content } of disks) await writer.sparse(diskSection(name), content);
    return await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/**
 * Makes the file at `path`, which must not exist, the disk `name` as the file of a snapshot or of disks has it: sparse,
 * synced. When it throws, the file is not to be used.
 * @throws SnapshotFormatError; the system's error (ENOSPC when the disk is full)
 */
export async function extractDisk(snapshotPath: string, name: string, path: string): Promise<void> {
  await using reader = await SnapshotReader.open(snapshotPath);
  const disks = reader.names.includes(DISKS)
    ? shaped(diskList, await reader.json(DISKS), DISKS)
    : (await readManifest(reader)).hardware.disks;
  const disk = disks.find((candidate) => candidate.name === name);
  if (disk === undefined) throw damaged(`it has no disk ${name}`);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.truncate(disk.bytes);
    await reader.sparse(diskSection(name), disk.bytes, (offset, bytes) => writeAll(file, bytes, offset));
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
