/**
 * Ends what lives longer than a request, such as a stream of events, when the token behind it is revoked or expires.
 * However many hang on one token, one watch looks after them.
 */
import type { Control } from '../control.ts';
import { tokenTopic } from '../events/topics.ts';
import type { Principal } from './tokens.ts';

/** A wake-up can be lost with the connection that carries it. */
const LOOK_AGAIN_MS = 30_000;

interface Watched {
  readonly ended: AbortController;
  /** Raised when nobody needs the watch any more. */
  readonly left: AbortController;
  users: number;
}

export interface Session {
  /** Aborts when the token is good no longer. */
  readonly signal: AbortSignal;
  close(): void;
}

export class Sessions {
  readonly #control: Pick<Control, 'pool' | 'wake' | 'log'>;
  readonly #watched = new Map<string, Watched>();

  constructor(control: Pick<Control, 'pool' | 'wake' | 'log'>) {
    this.#control = control;
  }

  begin(principal: Principal): Session {
    // Each token of an issuer has an end of its own.
    const key = `${principal.id} ${principal.expiresAt?.getTime() ?? ''}`;
    const found = this.#watched.get(key);
    const watched = found ?? { ended: new AbortController(), left: new AbortController(), users: 0 };
    watched.users += 1;
    if (found === undefined) {
      this.#watched.set(key, watched);
      void this.#watch(principal, watched).finally(() => this.#forget(key, watched));
    }
    return {
      signal: watched.ended.signal,
      close: () => {
        watched.users -= 1;
        if (watched.users > 0) return;
        watched.left.abort();
        this.#forget(key, watched);
      },
    };
  }

  /** Somebody may have begun anew under the same key. */
  #forget(key: string, watched: Watched): void {
    if (this.#watched.get(key) === watched) this.#watched.delete(key);
  }

  async #watch(principal: Principal, { ended, left }: Watched): Promise<void> {
    const watch = this.#control.wake.watch([tokenTopic(principal.id)]);
    try {
      while (!left.signal.aborted) {
        if (!(await this.#stands(principal))) {
          ended.abort();
          return;
        }
        const life = (principal.expiresAt?.getTime() ?? Infinity) - Date.now();
        await watch.next(Math.max(0, Math.min(LOOK_AGAIN_MS, life)), left.signal);
      }
    } finally {
      watch.close();
    }
  }

  async #stands({ kind, id, expiresAt }: Principal): Promise<boolean> {
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return false;
    if (kind === 'oidc') return true;
    try {
      const { rows } = await this.#control.pool.query({
        name: 'token-stands',
        text: 'SELECT FROM tokens WHERE id = $1',
        values: [id],
      });
      return rows.length > 0;
    } catch (error) {
      // A stream outlives an outage.
      this.#control.log.warn({ err: error }, 'could not look whether a token is still good');
      return true;
    }
  }
}
