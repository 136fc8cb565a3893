/** A block device on a real file, with the guest's driver set up on it, for tests. */

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awaitEvent } from '../../../../src/kvm/eventfd.ts';
import { BlockQueue } from '../../../../src/machine/devices/block-queue.ts';
import type { VirtioBlockSpec } from '../../../../src/machine/devices/device.ts';
import { openDevice } from '../../../../src/machine/devices/open.ts';
import { virtioBlockSpec } from '../../../../src/machine/devices/virtio-block.ts';
import { Lock } from '../../../../src/machine/lock.ts';
import { Board, type Buffer, Driver, DriverQueue, FEATURE, RAM_BASE } from './virtio-driver.ts';

export const TYPE = { IN: 0, OUT: 1, FLUSH: 4, GET_ID: 8, DISCARD: 11, WRITE_ZEROES: 13 } as const;
export const RESULT = { OK: 0, IOERR: 1, UNSUPPORTED: 2 } as const;

/** Guest addresses: the rings come first, then what requests use. */
const QUEUE_AT = RAM_BASE;
export const HEADER_AT = RAM_BASE + 0x1_0000;
export const STATUS_AT = RAM_BASE + 0x1_1000;
export const TABLE_AT = RAM_BASE + 0x1_2000;
export const DATA_AT = RAM_BASE + 0x2_0000;

export interface BlockOptions {
  readonly sectors?: number;
  readonly readOnly?: boolean;
  readonly serial?: string;
  readonly queueSize?: number;
  readonly features?: readonly number[];
  /** Another one's board, and how far from that one's rings and requests these are. */
  readonly beside?: { readonly board: Board; readonly offset: number };
}

export class BlockBoard implements Disposable {
  readonly board: Board;
  readonly spec: VirtioBlockSpec;
  readonly driver: Driver;
  readonly path: string;
  /** The I/O thread's part, run by hand. */
  readonly io: BlockQueue;
  readonly #directory: string;
  readonly #options: BlockOptions;
  readonly #offset: number;
  queue: DriverQueue;

  constructor(options: BlockOptions = {}) {
    const { sectors = 64, readOnly = false, serial = 'disk-0' } = options;
    this.#options = options;
    this.board = options.beside?.board ?? new Board();
    this.#offset = options.beside?.offset ?? 0;
    this.#directory = mkdtempSync(join(tmpdir(), 'holdfast-block-'));
    this.path = join(this.#directory, 'disk.raw');
    writeFileSync(
      this.path,
      Uint8Array.from({ length: 512 * sectors }, (_, i) => (i >> 9) + (i & 0xff)),
    );
    this.spec = virtioBlockSpec({
      base: 0x0a00_0000,
      spi: 16,
      irqFd: this.board.eventFd(),
      kickFd: this.board.eventFd(),
      diskFd: openSync(this.path, readOnly ? 'r' : 'r+'),
      sectors,
      readOnly,
      serial,
    });
    this.driver = new Driver(openDevice(this.spec, this.board.context));
    this.io = new BlockQueue(this.spec, this.board.memory, new Lock(this.board.lockBuffer));
    this.queue = new DriverQueue(this.board.memory, QUEUE_AT + this.#offset, options.queueSize ?? 16);
  }

  /** From reset to a live device with fresh rings. */
  boot(): void {
    const { features = [FEATURE.VERSION_1, FEATURE.FLUSH], queueSize = 16 } = this.#options;
    if (!this.driver.negotiate(features)) throw new Error('the device refused the features');
    this.queue = new DriverQueue(this.board.memory, QUEUE_AT + this.#offset, queueSize);
    this.driver.setUpQueue(0, this.queue);
    this.driver.start();
    awaitEvent(this.spec.kickFd);
  }

  /** Answers everything that was offered. */
  serve(): void {
    while (this.io.serveOne());
  }

  get ram(): Uint8Array {
    return this.board.memory.bytes;
  }

  bytes(address: number, length: number): Uint8Array {
    return this.ram.slice(address - RAM_BASE, address - RAM_BASE + length);
  }

  disk(sector: number, sectors: number): Uint8Array {
    return Uint8Array.from(readFileSync(this.path).subarray(512 * sector, 512 * (sector + sectors)));
  }

  writeHeader(type: number, sector: number | bigint, at = HEADER_AT): void {
    const view = new DataView(this.ram.buffer, at - RAM_BASE, 16);
    view.setUint32(0, type, true);
    view.setUint32(4, 0, true);
    view.setBigUint64(8, BigInt(sector), true);
  }

  /** One request in the usual framing, offered but not yet served. */
  offer(type: number, sector: number | bigint, data: readonly Buffer[]): number {
    const [header, status] = [HEADER_AT + this.#offset, STATUS_AT + this.#offset];
    this.writeHeader(type, sector, header);
    this.ram[status - RAM_BASE] = 0xff;
    const head = this.queue.chain([
      { address: header, length: 16 },
      ...data,
      { address: status, length: 1, writable: true },
    ]);
    this.queue.offer(head);
    return head;
  }

  get result(): number {
    return this.ram[STATUS_AT + this.#offset - RAM_BASE] ?? -1;
  }

  /** Offers, serves and checks that exactly this request came back; returns its status and length. */
  request(
    type: number,
    sector: number | bigint,
    data: readonly Buffer[],
  ): { result: number; written: number } {
    const head = this.offer(type, sector, data);
    this.serve();
    const done = this.queue.collect();
    if (done.length !== 1 || done[0]?.head !== head) throw new Error(`gave back ${JSON.stringify(done)}`);
    return { result: this.result, written: done[0].written };
  }

  [Symbol.dispose](): void {
    closeSync(this.spec.diskFd);
    if (this.#options.beside === undefined) this.board[Symbol.dispose]();
    rmSync(this.#directory, { recursive: true });
  }
}
