import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Pace, paced } from '../../../src/api/paced.ts';

const LARGE = `${'x'.repeat(100_000)}\n`;

/** Frames without end; `asked` of them so far. */
class Endless {
  asked = 0;
  ended = false;

  async *[Symbol.asyncIterator]() {
    try {
      for (; ; this.asked += 1) yield LARGE;
    } finally {
      this.ended = true;
    }
  }
}

function start(frames: AsyncIterable<string>, fields: Partial<Pace> = {}): Readable {
  const stream: Readable = paced(frames, {
    patienceMs: 3_600_000,
    farewell: 'too slow\n',
    signal: new AbortController().signal,
    hangUp: () => void stream.destroy(),
    ...fields,
  });
  return stream;
}

async function ended(frames: Endless): Promise<void> {
  while (!frames.ended) await sleep(5);
}

describe('paced', () => {
  it('passes everything to a reader that reads', async () => {
    expect(await text(start(Readable.from([LARGE, 'a', LARGE])))).toBe(`${LARGE}a${LARGE}`);
  });

  it('tells a reader that takes nothing, makes nothing more for it, and lets it read what there was', async () => {
    const frames = new Endless();
    // It is slow here as well, and must not be hung up on before it reads.
    const stream = start(frames, { patienceMs: 20, hangUp: () => undefined });
    await ended(frames);
    expect(frames.asked).toBeLessThan(4);
    expect(await text(stream)).toMatch(/x\ntoo slow\n$/);
  });

  it('hangs up on one that does not even take that', async () => {
    let hungUp = 0;
    const frames = new Endless();
    start(frames, { patienceMs: 20, hangUp: () => (hungUp += 1) });
    await ended(frames);
    while (hungUp === 0) await sleep(5);
  });

  it('hangs up at once on one that takes nothing when the server closes', async () => {
    const closing = new AbortController();
    const frames = new Endless();
    const stream = start(frames, { signal: closing.signal });
    setTimeout(() => closing.abort(), 20);
    await once(stream, 'close');
    await ended(frames);
  });

  it('asks for no more frames once its reader has gone', async () => {
    const frames = new Endless();
    const stream = start(frames);
    await once(stream, 'readable');
    stream.destroy();
    await ended(frames);
  });
});
