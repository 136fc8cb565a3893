/** Reads by a key that many requests ask for at the same time: one query for all of them. */

/** A query that takes longer holds up no other: its connection may hang. */
const LONGEST_AHEAD_MS = 100;

interface Batch<K, V> {
  readonly keys: Set<K>;
  readonly found: PromiseWithResolvers<ReadonlyMap<K, V>>;
}

/**
 * Finds by key, `read` finding any number at once: what is asked for in one turn of the event loop, and while a query is
 * under way. Whoever asks after a query has begun is in the next one, so that no answer is older than its question. What is
 * found for one key may go to several callers: they must not change it.
 */
export function batched<K, V>(
  read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): (key: K) => Promise<V | undefined> {
  let ahead: Batch<K, V> | null = null;
  let waiting: Batch<K, V> | null = null;
  let isDue = false;

  const begin = (): void => {
    isDue = false;
    if (waiting === null || ahead !== null) return;
    const batch = waiting;
    waiting = null;
    ahead = batch;
    const letNextBegin = (): void => {
      if (ahead !== batch) return;
      ahead = null;
      beginSoon();
    };
    const timer = setTimeout(letNextBegin, LONGEST_AHEAD_MS);
    void read([...batch.keys])
      .then(batch.found.resolve, batch.found.reject)
      .finally(() => {
        clearTimeout(timer);
        letNextBegin();
      });
  };

  /** When all that has come is looked at: requests come in bursts, and a query for each costs more than it finds. */
  const beginSoon = (): void => {
    if (isDue || waiting === null || ahead !== null) return;
    isDue = true;
    setImmediate(begin);
  };

  return async (key) => {
    waiting ??= { keys: new Set(), found: Promise.withResolvers() };
    waiting.keys.add(key);
    const { promise } = waiting.found;
    beginSoon();
    return (await promise).get(key);
  };
}
