/** Requests that are right but for a few descriptors, and what a device may write when it is given them. */
import { DATA_AT, HEADER_AT, TABLE_AT } from './block-board.ts';
import type { Random } from './random.ts';
import { DESC, type DriverQueue, RAM_BASE, RAM_BYTES } from './virtio-driver.ts';

const RAM_END = RAM_BASE + RAM_BYTES;
/** Headers that headers of requests may be: one page of them. */
export const HEADERS = 256;
/** The area of indirect tables, in descriptors, and its parts. */
const TABLE_ENTRIES = 64;
const TABLES = 8;

interface Descriptor {
  address: number;
  length: number;
  flags: number;
  next: number;
}

const NONSENSE_ADDRESSES = [0, 4, RAM_BASE - 1, RAM_END, 2 ** 32, 2 ** 40, 2 ** 63, 2 ** 64 - 4096] as const;
const NONSENSE_LENGTHS = [0, 1, 15, 17, 2 ** 20, 2 ** 31, 2 ** 32 - 1] as const;

/** Spoils one descriptor in one way. */
function spoil(random: Random, descriptor: Descriptor): void {
  switch (random.below(4)) {
    case 0:
      descriptor.address = random.once(2) ? random.pick(NONSENSE_ADDRESSES) : RAM_END - random.below(4096);
      break;
    case 1:
      descriptor.length = random.pick(NONSENSE_LENGTHS);
      break;
    case 2:
      descriptor.flags = random.once(2) ? random.below(8) : random.below(0x1_0000);
      break;
    case 3:
      descriptor.next = random.once(2) ? random.below(16) : random.below(0x1_0000);
      break;
  }
}

/** Header, data and status, numbered from `first` on. One in three has a spoilt descriptor. */
function someRequest(random: Random, first: number): Descriptor[] {
  const data = random.pick([0, DESC.WRITE]);
  const request = [{ address: HEADER_AT + 16 * random.below(HEADERS), length: 16, flags: 0 }];
  for (let i = random.below(3); i > 0; i--)
    request.push({
      address: DATA_AT + random.below(RAM_BYTES / 2),
      length: random.pick([1, 8, 20, 512, 512, 512, 1024, 4096]),
      flags: data,
    });
  request.push({
    address: DATA_AT + random.below(RAM_BYTES / 2),
    length: random.pick([1, 8]),
    flags: DESC.WRITE,
  });
  const chain = request.map((descriptor, i) => ({
    ...descriptor,
    flags: descriptor.flags | (i + 1 < request.length ? DESC.NEXT : 0),
    next: first + i + 1,
  }));
  const unlucky = random.once(3) ? chain[random.below(chain.length)] : undefined;
  if (unlucky !== undefined) spoil(random, unlucky);
  return chain;
}

function write(queue: DriverQueue, table: number, first: number, chain: readonly Descriptor[]): void {
  for (const [i, { address, length, flags, next }] of chain.entries())
    queue.setDescriptor(table, first + i, address, length, flags, next);
}

/** Fills the queue's table with requests, some of them indirect where `indirect` is set, and offers them. */
export function offerNonsense(random: Random, queue: DriverQueue, indirect: boolean): void {
  const heads: number[] = [];
  let at = 0;
  for (let table = 0; at + 4 <= queue.size; ) {
    heads.push(at);
    if (indirect && table < TABLES && random.once(2)) {
      const where = TABLE_AT + 16 * (TABLE_ENTRIES / TABLES) * table++;
      const chain = someRequest(random, 0);
      write(queue, where, 0, chain);
      const entry = { address: where, length: 16 * chain.length, flags: DESC.INDIRECT as number, next: 0 };
      if (random.once(4)) spoil(random, entry);
      write(queue, queue.descriptors, at, [entry]);
      at += 1;
    } else {
      const chain = someRequest(random, at);
      write(queue, queue.descriptors, at, chain);
      at += chain.length;
    }
  }
  for (const head of heads) queue.offer(random.once(16) ? random.below(0x1_0000) : head);
  if (random.once(16)) queue.publish(random.below(0x1_0000));
}

/** One flag per byte of RAM: 1 where some descriptor that can be reached lets the device write, and in its own ring. */
export function writableBytes(memory: Uint8Array, queue: DriverQueue): Uint8Array {
  const allowed = new Uint8Array(memory.length);
  const view = new DataView(memory.buffer, memory.byteOffset);
  const allow = (at: number, entries: number) => {
    for (let i = 0; i < entries; i++) {
      const where = at + 16 * i - RAM_BASE;
      const from = Number(view.getBigUint64(where, true)) - RAM_BASE;
      const to = from + view.getUint32(where + 8, true);
      const writable = (view.getUint16(where + 12, true) & DESC.WRITE) !== 0;
      if (writable && from >= 0 && to <= memory.length) allowed.fill(1, from, to);
    }
  };
  allow(queue.descriptors, queue.size);
  allow(TABLE_AT, TABLE_ENTRIES);
  return allowed.fill(1, queue.used - RAM_BASE, queue.end - RAM_BASE);
}

/** Throws when a byte that is not allowed to differ does. */
export function expectUntouched(before: Uint8Array, after: Uint8Array, allowed: Uint8Array): void {
  const page = 4096;
  for (let at = 0; at < after.length; at += page) {
    if (Buffer.compare(before.subarray(at, at + page), after.subarray(at, at + page)) === 0) continue;
    for (let i = at; i < at + page; i++)
      if (after[i] !== before[i] && allowed[i] === 0)
        throw new Error(`byte 0x${i.toString(16)} of RAM changed`);
  }
}
