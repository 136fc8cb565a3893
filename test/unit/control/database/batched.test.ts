import { describe, expect, it } from 'vitest';
import { batched } from '../../../../src/control/database/batched.ts';

/** A read that answers when it is told to, each key with itself twice. */
function heldRead() {
  const asked: { keys: readonly string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const read = (keys: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, string>>();
    const known = keys.filter((key) => key !== 'unknown');
    asked.push({
      keys,
      answer: () => resolve(new Map(known.map((key) => [key, key + key]))),
      fail: reject,
    });
    return promise;
  };
  return { asked, find: batched(read) };
}

describe('batched', () => {
  it('reads together what is asked for at once, and what is asked for meanwhile', async () => {
    const { asked, find } = heldRead();
    const first = [find('a'), find('z')];
    await expect.poll(() => asked.map(({ keys }) => keys)).toEqual([['a', 'z']]);
    const rest = [find('b'), find('c'), find('b'), find('unknown')];
    asked[0]?.answer();
    expect(await Promise.all(first)).toEqual(['aa', 'zz']);
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[1]?.keys).toEqual(['b', 'c', 'unknown']);
    asked[1]?.answer();
    expect(await Promise.all(rest)).toEqual(['bb', 'cc', 'bb', undefined]);
  });

  it('gives nobody an answer from before the question, for the same key either', async () => {
    const { asked, find } = heldRead();
    const first = find('a');
    await expect.poll(() => asked.length).toBe(1);
    const second = find('a');
    asked[0]?.answer();
    await first;
    await expect.poll(() => asked.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
    asked[1]?.answer();
    expect(await second).toBe('aa');
  });

  it('tells those whose read failed, and reads on for the others', async () => {
    const { asked, find } = heldRead();
    const first = find('a');
    await expect.poll(() => asked.length).toBe(1);
    const second = find('b');
    asked[0]?.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.answer();
    expect(await second).toBe('bb');
  });

  it('goes on without a read that hangs', async () => {
    const { asked, find } = heldRead();
    const first = find('a');
    await expect.poll(() => asked.length).toBe(1);
    const second = find('b');
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.answer();
    expect(await second).toBe('bb');
    asked[0]?.answer();
    expect(await first).toBe('aa');
  });
});
