/** A fetch that tries again where that is safe: what the API asks for, and what never arrived. */

export interface RetryOptions {
  /** How often in all; 4 when left out. */
  attempts?: number;
  fetch?: typeof globalThis.fetch;
}

/** Where an answer does not say when to come back, in milliseconds; doubled each time. */
const FIRST_PAUSE_MS = 500;
/** An answer that wants a longer pause than this is given to the caller. */
const LONGEST_PAUSE_MS = 30_000;

const RETRIED_STATUSES = [429, 503];

/**
 * Every POST gets an `Idempotency-Key`, so that a request whose answer was lost takes effect once. PATCH and DELETE are
 * sent again only where the API says that it refused them. The last answer, or the last error, is the caller's.
 */
export function withRetries({
  attempts = 4,
  fetch = globalThis.fetch,
}: RetryOptions = {}): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    if (request.method === 'POST' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', crypto.randomUUID());
    const repeatable = ['GET', 'HEAD', 'PUT', 'POST'].includes(request.method);
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts;
      const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1);
      try {
        const response = await fetch(last ? request : request.clone());
        if (last || !RETRIED_STATUSES.includes(response.status)) return response;
        const wanted = Number(response.headers.get('retry-after') ?? Number.NaN) * 1_000;
        const wait = Number.isNaN(wanted) ? pause : wanted;
        if (wait > LONGEST_PAUSE_MS) return response;
        await response.body?.cancel();
        await sleep(wait, request.signal);
      } catch (error) {
        if (last || !repeatable || request.signal.aborted) throw error;
        await sleep(pause, request.signal);
      }
    }
  };
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    if (signal.aborted) return fail(signal.reason);
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      done();
    }, milliseconds);
    const stop = (): void => {
      clearTimeout(timer);
      fail(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
