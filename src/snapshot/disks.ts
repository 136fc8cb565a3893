/** A disk's content out of a snapshot. */
import { type FileHandle, open } from 'node:fs/promises';
import { damaged, diskSection } from './format.ts';
import { readManifest } from './manifest.ts';
import { SnapshotReader } from './reader.ts';

/**
 * Makes the file at `path`, which must not exist, the disk `name` as the snapshot has it: sparse, synced. When it
 * throws, the file is not to be used.
 * @throws SnapshotFormatError; the system's error (ENOSPC when the disk is full)
 */
export async function extractDisk(snapshotPath: string, name: string, path: string): Promise<void> {
  await using reader = await SnapshotReader.open(snapshotPath);
  const { hardware } = await readManifest(reader);
  const disk = hardware.disks.find((candidate) => candidate.name === name);
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
