import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IoVectors } from '../../../src/kvm/io-vectors.ts';
import { addressOf, mmapAnonymous, munmap, viewOf } from '../../../src/kvm/libc.ts';

const content = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
let directory: string;
let path: string;
let fd: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vectors-'));
  path = join(directory, 'file');
  writeFileSync(path, content);
  fd = openSync(path, 'r+');
});
afterEach(() => {
  closeSync(fd);
  rmSync(directory, { recursive: true });
});

describe('vectors', () => {
  it('are filled from a file and written to it, in order, again and again', () => {
    const memory = new Uint8Array(4096);
    const at = addressOf(memory.buffer);
    const vectors = new IoVectors(3);
    for (let round = 0; round < 3; round++) {
      vectors.clear();
      vectors.add(at + 100, 10);
      vectors.add(at, 7);
      vectors.add(at + 1000, 300);
      expect(vectors.bytes).toBe(317);
      expect(vectors.readFrom(fd, 20 + round)).toBe(317);
      const read = [memory.subarray(100, 110), memory.subarray(0, 7), memory.subarray(1000, 1300)];
      expect(Buffer.concat(read)).toEqual(Buffer.from(content.subarray(20 + round, 337 + round)));
    }
    vectors.clear();
    vectors.add(at + 1000, 2);
    vectors.add(at + 100, 1);
    expect(vectors.writeTo(fd, 998)).toBe(3);
    expect([...readFileSync(path).subarray(998)]).toEqual([
      ...memory.subarray(1000, 1002),
      ...memory.subarray(100, 101),
    ]);
  });

  it('give what there is at the end of a file, and the errno of what fails', () => {
    const memory = new Uint8Array(64);
    const vectors = new IoVectors(2);
    const fill = () => {
      vectors.clear();
      vectors.add(addressOf(memory.buffer), 30);
      vectors.add(addressOf(memory.buffer) + 30, 34);
    };
    fill();
    expect(vectors.readFrom(fd, 960)).toBe(40);
    expect(memory.subarray(0, 40)).toEqual(content.subarray(960));
    fill();
    expect(vectors.readFrom(fd, 5000)).toBe(0);
    fill();
    // EBADF: not open for writing.
    const reader = openSync(path, 'r');
    expect(vectors.writeTo(reader, 0)).toBe(-9);
    closeSync(reader);
    // A whole device that is full: ENOSPC.
    const full = openSync('/dev/full', 'r+');
    fill();
    expect(vectors.writeTo(full, 0)).toBe(-28);
    closeSync(full);
  });

  it('go on where a partial transfer ended', () => {
    const page = 4096;
    writeFileSync(path, new Uint8Array(4 * page).fill(9));
    const address = mmapAnonymous(3 * page);
    const memory = new Uint8Array(viewOf(address, 2 * page));
    // The kernel moves what comes before the page that is missing, and says why not more when asked again.
    munmap(address + 2 * page, page);
    const vectors = new IoVectors(3);
    vectors.add(address, 100);
    vectors.add(address + page, 2 * page);
    vectors.add(address, 100);
    expect(vectors.readFrom(fd, 0)).toBe(-14);
    expect(memory.subarray(page).every((byte) => byte === 9)).toBe(true);
    munmap(address, 2 * page);
  });

  it('refuse more than they have room for', () => {
    expect(() => new IoVectors(1025)).toThrow(RangeError);
    const vectors = new IoVectors(1);
    vectors.add(1, 1);
    expect(() => vectors.add(1, 1)).toThrow(RangeError);
  });
});
