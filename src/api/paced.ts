/**
 * Sends frames at the pace at which their reader takes them. One that has taken nothing for a while is told so, where it
 * left off, and hung up on: whoever cannot keep up comes back when it can, and holds nothing here until then.
 */
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** What lies between two looks at whether the reader takes anything. */
const BUFFER_BYTES = 64 * 1024;

export interface Pace {
  /** How long a reader may take nothing, in milliseconds; and then its end. */
  readonly patienceMs: number;
  /** The last frame for one that did. */
  readonly farewell: string;
  /** Aborts when nobody reads any more, or the server closes: one that reads gets its end, another is hung up on. */
  readonly signal: AbortSignal;
  /** Closes the connection, with what is still to be sent. */
  hangUp(): void;
}

export function paced(frames: AsyncIterable<string>, pace: Pace): Readable {
  const out = new PassThrough({ highWaterMark: BUFFER_BYTES });
  pump(frames, out, pace).catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return out;
}

async function pump(frames: AsyncIterable<string>, out: PassThrough, pace: Pace): Promise<void> {
  const { patienceMs, farewell, signal, hangUp } = pace;
  if (await passes(frames, out, pace)) {
    out.end();
    return;
  }
  if (!signal.aborted) {
    out.end(farewell);
    await sleep(patienceMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
  hangUp();
}

/** Whether all frames were taken, or there is nobody any more to take them; false: one that is there takes nothing. */
async function passes(frames: AsyncIterable<string>, out: PassThrough, pace: Pace): Promise<boolean> {
  for await (const frame of frames) {
    if (out.destroyed) return true;
    if (!out.write(frame) && !(await drains(out, pace))) return out.destroyed;
  }
  return true;
}

async function drains(out: PassThrough, { patienceMs, signal }: Pace): Promise<boolean> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  out.once('close', onClose);
  try {
    await once(out, 'drain', {
      signal: AbortSignal.any([AbortSignal.timeout(patienceMs), signal, gone.signal]),
    });
    return true;
  } catch {
    return false;
  } finally {
    out.off('close', onClose);
  }
}
