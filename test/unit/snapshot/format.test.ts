/** The file of a snapshot: what is written comes back, and no other file passes for it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { firmwareFor } from '../../../src/psci/firmware.ts';
import { DEVICES, diskSection, FORMAT, GIC, MANIFEST, MEMORY, VCPUS } from '../../../src/snapshot/format.ts';
import { type Manifest, readManifest } from '../../../src/snapshot/manifest.ts';
import { SnapshotReader } from '../../../src/snapshot/reader.ts';
import { RECORD_BYTES, type SparseSource } from '../../../src/snapshot/sparse.ts';
import { SnapshotWriter } from '../../../src/snapshot/writer.ts';

const directory = mkdtempSync(join(tmpdir(), 'holdfast-snapshot-'));
afterAll(() => rmSync(directory, { recursive: true }));

function source(bytes: Buffer, ranges: (readonly [number, number])[] = [[0, bytes.length]]): SparseSource {
  return {
    size: bytes.length,
    ranges: () => ranges,
    read: async (offset, into) => void bytes.copy(into, 0, offset, offset + into.length),
  };
}

interface Content {
  readonly state: unknown;
  readonly memory: Buffer;
  readonly disk: Buffer;
}

let files = 0;
function newPath(): string {
  files += 1;
  return join(directory, `${files}.hfs`);
}

async function write(content: Content, path = newPath()): Promise<string> {
  const writer = await SnapshotWriter.create(path);
  await writer.json('state', content.state);
  await writer.sparse('memory', source(content.memory));
  await writer.sparse('disk', source(content.disk));
  const written = await writer.finish();
  const bytes = readFileSync(path);
  expect(written).toEqual({
    bytes: bytes.length,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  });
  return path;
}

async function readSparse(reader: SnapshotReader, name: string, size: number): Promise<Buffer> {
  const into = Buffer.alloc(size);
  await reader.sparse(name, size, (offset, bytes) => void bytes.copy(into, offset));
  return into;
}

async function read(path: string, sizes: { memory: number; disk: number }): Promise<Content> {
  await using reader = await SnapshotReader.open(path);
  const state = await reader.json('state');
  const memory = await readSparse(reader, 'memory', sizes.memory);
  return { state, memory, disk: await readSparse(reader, 'disk', sizes.disk) };
}

/** A small generator (mulberry32), so that a failure names the seed that brings it back. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Zeros, noise and repetition in runs that do and do not follow pages. */
function patchwork(next: () => number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const length = Math.min(size - at, 1 + Math.floor(next() * (next() < 0.5 ? 9000 : 70_000)));
    const kind = Math.floor(next() * 3);
    if (kind === 1) for (let i = 0; i < length; i += 1) bytes[at + i] = Math.floor(next() * 256);
    if (kind === 2) bytes.fill(`line ${length} `, at, at + length);
    at += length;
  }
  return bytes;
}

const code = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.then(
    () => 'read',
    (error: Error & { code?: string }) => error.code ?? error.message,
  );

describe('a snapshot file', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('gives back what was written, seed %i', async (seed) => {
    const next = random(seed);
    const memory = patchwork(next, 4096 * Math.floor(next() * 600));
    const disk = patchwork(next, 512 * Math.floor(next() * 5000));
    const content = { state: { seed, list: [1, 'zwei'] }, memory, disk };
    const path = await write(content);
    const found = await read(path, { memory: memory.length, disk: disk.length });
    expect(found.state).toEqual(content.state);
    expect(found.memory.equals(memory) && found.disk.equals(disk)).toBe(true);
  });

  it('takes no room for zeros, and reads only where something may be', async () => {
    const memory = Buffer.alloc(64 * RECORD_BYTES);
    memory.write('here', 40 * RECORD_BYTES + 5);
    const asked: number[] = [];
    const path = newPath();
    const writer = await SnapshotWriter.create(path);
    const all = source(memory, [
      [0, 4096],
      [40 * RECORD_BYTES, 2 * RECORD_BYTES],
    ]);
    await writer.sparse('memory', {
      ...all,
      read: async (offset, into) => {
        asked.push(offset);
        await all.read(offset, into);
      },
    });
    expect((await writer.finish()).bytes).toBeLessThan(1024);
    expect(asked).toEqual([0, 40 * RECORD_BYTES, 41 * RECORD_BYTES]);
    await using reader = await SnapshotReader.open(path);
    expect((await readSparse(reader, 'memory', memory.length)).equals(memory)).toBe(true);
  });

  const small = { state: { a: 1 }, memory: patchwork(random(9), 20_480), disk: randomBytes(1024) };
  const sizes = { memory: small.memory.length, disk: small.disk.length };

  it('is refused when it ends early, wherever', async () => {
    const whole = readFileSync(await write(small));
    const path = newPath();
    const wrong: number[] = [];
    for (
      let length = 0;
      length < whole.length;
      length += length < 300 || length > whole.length - 300 ? 1 : 37
    ) {
      writeFileSync(path, whole.subarray(0, length));
      if ((await code(read(path, sizes))) !== 'SNAPSHOT_DAMAGED') wrong.push(length);
    }
    expect(wrong).toEqual([]);
  });

  it('is refused when any bit of it is another, and when something follows', async () => {
    const whole = readFileSync(await write(small));
    const path = newPath();
    const wrong: string[] = [];
    for (let at = 0; at < whole.length; at += at < 200 || at > whole.length - 500 ? 1 : 11) {
      const damaged = Buffer.from(whole);
      const bit = at % 8;
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      writeFileSync(path, damaged);
      const found = await code(read(path, sizes));
      // Damage to the number of the format may say that it is a newer one.
      const newer = at >= 8 && at < 12 && found === 'SNAPSHOT_FORMAT_NOT_SUPPORTED';
      if (found !== 'SNAPSHOT_DAMAGED' && !newer) wrong.push(`byte ${at} bit ${bit}: ${String(found)}`);
    }
    expect(wrong).toEqual([]);
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
    expect(await code(read(path, sizes))).toBe('SNAPSHOT_DAMAGED');
  });

  it('of a newer format is refused as such', async () => {
    const newer = readFileSync(await write(small));
    newer.writeUInt32LE(FORMAT + 1, 8);
    const path = newPath();
    writeFileSync(path, newer);
    expect(await code(read(path, sizes))).toBe('SNAPSHOT_FORMAT_NOT_SUPPORTED');
  });

  it('is refused when a newer release put more into it than this one restores', async () => {
    const registers = {
      ...{ SMCCC_ARCH_WORKAROUND_1: null, SMCCC_ARCH_WORKAROUND_2: null, SMCCC_ARCH_WORKAROUND_3: null },
      ...{ STD_BMAP: null, STD_HYP_BMAP: null, VENDOR_HYP_BMAP: null, VENDOR_HYP_BMAP_2: null },
    };
    const manifest: Manifest = {
      hardware: {
        ...{ vcpus: 1, memoryMiB: 1, psci: '1.1', nics: [], vsockCid: null },
        disks: [{ name: 'root', bytes: 512, readOnly: false }],
      },
      firmware: firmwareFor({ psci: '1.1', systemSuspend: false, vcpus: 1 }, registers),
      kernel: '6.1.0',
      savedAt: '2026-01-02T03:04:05.678Z',
    };
    const readWith = async (...more: string[]): Promise<unknown> => {
      const path = newPath();
      const writer = await SnapshotWriter.create(path);
      await writer.json(MANIFEST, manifest);
      for (const name of [VCPUS, GIC, DEVICES, MEMORY, ...more]) await writer.json(name, {});
      await writer.finish();
      await using reader = await SnapshotReader.open(path);
      return await code(readManifest(reader));
    };
    expect(await readWith(diskSection('root'))).toBe('read');
    expect(await readWith(diskSection('root'), 'tpm')).toBe('SNAPSHOT_FORMAT_NOT_SUPPORTED');
    expect(await readWith(diskSection('root'), diskSection('data'))).toBe('SNAPSHOT_FORMAT_NOT_SUPPORTED');
    expect(await readWith()).toBe('SNAPSHOT_DAMAGED');
  });

  it('is not there before it is whole', async () => {
    const path = newPath();
    const writer = await SnapshotWriter.create(path);
    await writer.json('state', {});
    const named = (): string[] => readdirSync(directory).filter((name) => name === basename(path));
    expect(named()).toEqual([]);
    await writer.discard();
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
    await write(small, path);
    expect(named()).toHaveLength(1);
  });

  it('leaves nothing when its source fails', async () => {
    const path = newPath();
    const writer = await SnapshotWriter.create(path);
    const failing = { ...source(Buffer.alloc(4096)), read: () => Promise.reject(new Error('no more')) };
    expect(await code(writer.sparse('memory', failing))).toBe('no more');
    await writer.discard();
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
