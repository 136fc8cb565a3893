/**
 * Who is signed in: a token, kept in sessionStorage, so it lasts as long as the tab and is not shared with others.
 *
 * One that an issuer gave is renewed before it ends, where the issuer gave a refresh token too; what is shown stays.
 *
 *   signed out ──signIn──▶ signed in ──signOut, or refused and not to be renewed──▶ signed out
 *                           └─renewed─┘
 *
 * Who signs out of what an issuer gave also leaves the issuer, where it has a page for that.
 */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { endingAddress, type Grant, hasRefresh, renewIn } from '../model/grant.ts';
import { checkToken } from './api.ts';
import { isPassing, SignInError } from './problems.ts';

/** Where an issuer leads back to. */
export const SIGN_IN_PATH = '/sign-in';

const KEY = 'holdfast.session';
/** Milliseconds until an issuer that does not answer is asked again. */
const AGAIN_MS = 10_000;

interface Kept {
  readonly token: string;
  /** Null: a token that somebody entered. */
  readonly grant: Grant | null;
}

interface SessionState {
  /** Counts sign-ins; a renewal is none. */
  readonly id: number;
  readonly kept: Kept | null;
  /** Why nobody is signed in any more, when that was not the operator's own doing. */
  readonly endedBecause: string | null;
}

export interface Session {
  readonly id: number;
  readonly token: string | null;
  readonly endedBecause: string | null;
  signIn(kept: Kept): void;
  signOut(): void;
  /** The API took the token no longer: renews it, or signs out and says why. */
  refused(): void;
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>(() => ({ id: 0, kept: read(), endedBecause: null }));
  const { id, kept, endedBecause } = state;
  const grant = kept?.grant ?? null;
  const renewing = useRef<Promise<void> | null>(null);
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  }, [state]);

  const change = useCallback((next: Kept | null, because: string | null = null) => {
    if (next === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(next));
    setState((before) => ({ id: before.id + 1, kept: next, endedBecause: because }));
  }, []);

  /** Throws what keeps it from being renewed. */
  const renew = useCallback((): Promise<void> => {
    renewing.current ??= renewed(latest.current)
      .then((next) => {
        // Somebody may have signed out meanwhile.
        if (latest.current.id !== id) return;
        sessionStorage.setItem(KEY, JSON.stringify(next));
        setState((before) => (before.id === id ? { ...before, kept: next } : before));
      })
      .finally(() => {
        renewing.current = null;
      });
    return renewing.current;
  }, [id]);

  useEffect(() => {
    const pause = renewIn(grant, Date.now());
    if (pause === null) return;
    // What is refused for good ends the session when the token does; until then it goes on.
    const attempt = () => {
      renew().catch((error: unknown) => {
        if (isPassing(error)) timer = setTimeout(attempt, AGAIN_MS);
      });
    };
    let timer = setTimeout(attempt, pause);
    return () => clearTimeout(timer);
  }, [grant, renew]);

  const renewOrEnd = useCallback(async () => {
    const { kept: current } = latest.current;
    if (current === null || latest.current.id !== id) return;
    const through = current.grant === null ? null : new URL(current.grant.client.issuer).host;
    try {
      // A late refusal of the token before this one.
      if (current.grant !== null && Date.now() - current.grant.renewedAt < AGAIN_MS) {
        await checkToken(current.token);
      } else {
        await renew();
      }
    } catch (error) {
      if (latest.current.id !== id) return;
      // The API is away, and so says nothing of the token.
      if (isPassing(error) && !(error instanceof SignInError)) return;
      change(
        null,
        through === null
          ? 'Your token is no longer accepted. Sign in again.'
          : `Your sign-in through ${through} has ended. Sign in again.`,
      );
    }
  }, [id, renew, change]);
  const refused = useCallback(() => void renewOrEnd(), [renewOrEnd]);
  const signOut = useCallback(() => {
    const { kept: current } = latest.current;
    change(null);
    if (current?.grant == null) return;
    const address = endingAddress(current.grant, `${location.origin}${SIGN_IN_PATH}`);
    if (address !== null) location.assign(address);
  }, [change]);
  const signIn = useCallback((next: Kept) => change(next), [change]);

  const session = useMemo<Session>(
    () => ({ id, token: kept?.token ?? null, endedBecause, signIn, signOut, refused }),
    [id, kept, endedBecause, signIn, signOut, refused],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside SessionProvider');
  return session;
}

function read(): Kept | null {
  const text = sessionStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Kept);
}

async function renewed({ kept }: SessionState): Promise<Kept> {
  const grant = kept?.grant ?? null;
  if (!hasRefresh(grant)) throw new Error('There is nothing to renew the token with.');
  const { renewGrant } = await import('./oidc.ts');
  const next = await renewGrant(grant);
  return { token: next.token, grant: next };
}
