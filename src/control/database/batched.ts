/** Reads by a key that many requests ask for at the same time: one query for all of them. */

/** A query that takes longer holds up no other: its connection may hang. */
const LONGEST_AHEAD_MS = 100;

interface Batch<K, V> {
  readonly keys: Set<K>;
  readonly found: PromiseWithResolvers<ReadonlyMap<K, V>>;
}

/**
 * Finds by key, `read` finding any number at once. Whoever asks while a query is under way is in the next one, so that no
 * answer is older than its question. What is found for one key may go to several callers: they must not change it.
 */
export function batched<K, V>(
  read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): (key: K) => Promise<V | undefined> {
  let ahead: Batch<K, V> | null = null;
  let waiting: Batch<K, V> | null = null;

  const begin = (): void => {
    if (waiting === null || ahead !== null) return;
    const batch = waiting;
    waiting = null;
    ahead = batch;
    const letNextBegin = (): void => {
      if (ahead !== batch) return;
      ahead = null;
      begin();
    };
    const timer = setTimeout(letNextBegin, LONGEST_AHEAD_MS);
    void read([...batch.keys])
      .then(batch.found.resolve, batch.found.reject)
      .finally(() => {
        clearTimeout(timer);
        letNextBegin();
      });
  };

  return async (key) => {
    waiting ??= { keys: new Set(), found: Promise.withResolvers() };
    waiting.keys.add(key);
    const { promise } = waiting.found;
    begin();
    return (await promise).get(key);
  };
}
