/**
 * Erasing a range of a disk's file: its blocks go back to the file system, or stay and read as zeroes. File systems
 * differ in what they can do, so what one of them cannot is done by writing zeroes, or, where nothing was promised,
 * left undone.
 */
import { EINTR, EOPNOTSUPP } from '../../kvm/errno.ts';
import { IoVectors } from '../../kvm/io-vectors.ts';
import {
  addressOf,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_ZERO_RANGE,
  fallocate,
} from '../../kvm/libc.ts';

/**
 * discard: the content is lost, and whether blocks are freed is the file system's affair. unmap: reads as zeroes, and
 * blocks are freed where they can be. keep: reads as zeroes, and the blocks stay.
 */
export type Erasure = 'discard' | 'unmap' | 'keep';

const CHUNK_BYTES = 256 * 1024;

/** Erases bytes that lie inside the file; its size does not change. Gives 0 or a negated errno. Blocks; any thread. */
export function eraseRange(fd: number, offset: number, length: number, how: Erasure): number {
  const way = how === 'keep' ? FALLOC_FL_ZERO_RANGE : FALLOC_FL_PUNCH_HOLE;
  for (;;) {
    const result = fallocate(fd, way | FALLOC_FL_KEEP_SIZE, offset, length);
    if (result === -EINTR) continue;
    if (result !== -EOPNOTSUPP) return result;
    return how === 'discard' ? 0 : writeZeroes(fd, offset, length);
  }
}

function writeZeroes(fd: number, offset: number, length: number): number {
  const zeroes = new ArrayBuffer(Math.min(CHUNK_BYTES, length));
  const address = addressOf(zeroes);
  const vectors = new IoVectors(1);
  for (let done = 0; done < length; ) {
    const part = Math.min(zeroes.byteLength, length - done);
    vectors.clear();
    vectors.add(address, part);
    const moved = vectors.writeTo(fd, offset + done);
    if (moved < 0) return moved;
    done += part;
  }
  return 0;
}
