/** What a block device's vCPU side and its I/O thread both go by. */

export const SECTOR_BYTES = 512;

export const BLOCK_QUEUE_SIZE = 256;
/** A request's descriptors are its segments, its header and its status. */
export const MAX_SEGMENTS = BLOCK_QUEUE_SIZE - 2;

/** The most that one request may erase, so that it ends in a bounded time: ranges, and sectors of each (64 MiB). */
export const MAX_ERASE_RANGES = 16;
export const MAX_ERASE_SECTORS = (64 * 1024 * 1024) / SECTOR_BYTES;

/** Virtio 1.2 section 5.2.3: a driver without it has no other way to make a write durable than writing through. */
export const FEATURE_FLUSH = 9;
