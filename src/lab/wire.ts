/**
 * What the machine and `labd` say to each other on one TCP connection per process: length-prefixed frames, the first
 * of which is the request. Shared by both ends.
 *
 *     byte 0      kind
 *     bytes 1-4   length of the payload, big endian
 *     then        the payload
 */
import type { Socket } from 'node:net';

/** Kinds of frame. An empty `stdin` frame is its end. */
export const frameKind = { control: 0, stdout: 1, stderr: 2, stdin: 3 } as const;
export type FrameKind = (typeof frameKind)[keyof typeof frameKind];

/** First frame of a connection, from the machine. */
export interface LabRequest {
  readonly token: string;
  /** Absent: only tell that the lab host is up. */
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Start it apart from the connection, with both outputs appended to this file. */
  readonly log?: string;
}

/** Control frames that `labd` sends. Without `log`, `exited` is the last one. */
export type LabReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly kind: 'failed'; readonly message: string };

/** Control frame that the machine sends while a process runs. */
export interface LabSignal {
  readonly signal: NodeJS.Signals;
}

/** The line `labd` prints to the host's console when it listens. */
export const labdReady = 'labd: ready';

const headerBytes = 5;

export function encodeFrame(kind: FrameKind, payload: Uint8Array | string): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const frame = Buffer.alloc(headerBytes + body.length);
  frame.writeUInt8(kind, 0);
  frame.writeUInt32BE(body.length, 1);
  frame.set(body, headerBytes);
  return frame;
}

/** Sends one frame. @returns false when the caller should wait for `drain`. */
export function sendFrame(socket: Socket, kind: FrameKind, payload: Uint8Array | string): boolean {
  return socket.writable && socket.write(encodeFrame(kind, payload));
}

/** Cuts a byte stream into frames again. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Takes the next bytes of the stream. @returns the frames they complete. */
  push(bytes: Buffer): { kind: number; payload: Buffer }[] {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const frames: { kind: number; payload: Buffer }[] = [];
    let at = 0;
    while (this.#pending.length - at >= headerBytes) {
      const end = at + headerBytes + this.#pending.readUInt32BE(at + 1);
      if (end > this.#pending.length) break;
      frames.push({
        kind: this.#pending.readUInt8(at),
        payload: this.#pending.subarray(at + headerBytes, end),
      });
      at = end;
    }
    this.#pending = this.#pending.subarray(at);
    return frames;
  }
}
