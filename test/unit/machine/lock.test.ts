import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Lock } from '../../../src/machine/lock.ts';

const MODULE = new URL('../../../src/machine/lock.ts', import.meta.url).href;

function spawn(source: string, data: Record<string, unknown>): Promise<void> {
  const code = `import { workerData } from 'node:worker_threads';
    import { Lock } from ${JSON.stringify(MODULE)};
    ${source}`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: data,
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

describe('the machine lock', () => {
  it('loses no count between contending threads', async () => {
    const rounds = 20_000;
    const threads = 4;
    const lock = Lock.allocate();
    const counter = new SharedArrayBuffer(4);
    // The increment is two plain accesses with work between: without mutual exclusion counts are lost.
    const body = `const lock = new Lock(workerData.lock);
      const count = new Int32Array(workerData.counter);
      let sink = 0;
      for (let i = 0; i < workerData.rounds; i++) lock.run(() => {
        const seen = count[0];
        for (let j = 0; j < 20; j++) sink += j;
        count[0] = seen + 1;
      });`;
    const others = Array.from({ length: threads }, () => spawn(body, { lock, counter, rounds }));
    const count = new Int32Array(counter);
    const mine = new Lock(lock);
    for (let i = 0; i < rounds; i++) {
      mine.run(() => {
        const seen = count[0] ?? 0;
        count[0] = seen + 1;
      });
      // Let the workers' start-up through, so that all contend.
      if (i % 2000 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Promise.all(others);
    expect(count[0]).toBe(rounds * (threads + 1));
    expect(new Int32Array(lock)[0]).toBe(0);
  });

  it('makes another thread wait until it is released', async () => {
    const buffer = Lock.allocate();
    const steps = new SharedArrayBuffer(8);
    const [waiting, entered] = [0, 1];
    const view = new Int32Array(steps);
    const lock = new Lock(buffer);
    lock.acquire();
    const other = spawn(
      `const view = new Int32Array(workerData.steps);
      Atomics.store(view, ${waiting}, 1); Atomics.notify(view, ${waiting});
      new Lock(workerData.buffer).run(() => Atomics.store(view, ${entered}, 1));`,
      { buffer, steps },
    );
    Atomics.wait(view, waiting, 0);
    // The word says "somebody may sleep" once the other thread is about to.
    while (Atomics.load(new Int32Array(buffer), 0) !== 2)
      await new Promise((resolve) => setImmediate(resolve));
    expect(Atomics.load(view, entered)).toBe(0);
    lock.release();
    await other;
    expect(Atomics.load(view, entered)).toBe(1);
  });

  it('says so when it is taken twice or released without being held', () => {
    const lock = new Lock(Lock.allocate());
    expect(() => lock.release()).toThrow('does not hold');
    lock.run(() => expect(() => lock.acquire()).toThrow('already holds'));
    expect(() => lock.release()).toThrow('does not hold');
  });

  it('is released when the body throws, and returns what the body returns', () => {
    const lock = new Lock(Lock.allocate());
    expect(() =>
      lock.run(() => {
        throw new RangeError('body');
      }),
    ).toThrow(RangeError);
    expect(lock.run(() => 7)).toBe(7);
  });
});
