/**
 * Who is signed in: a token, kept in sessionStorage, so it lasts as long as the tab and is not shared with others.
 */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

const KEY = 'holdfast.token';

interface SessionState {
  readonly token: string | null;
  /** Why there is no token any more, when that was not the operator's own doing. */
  readonly endedBecause: string | null;
}

export interface Session extends SessionState {
  signIn(token: string): void;
  /** `because` is shown on the sign-in page. */
  signOut(because?: string): void;
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>(() => ({
    token: sessionStorage.getItem(KEY),
    endedBecause: null,
  }));
  const signIn = useCallback((token: string) => {
    sessionStorage.setItem(KEY, token);
    setState({ token, endedBecause: null });
  }, []);
  const signOut = useCallback((because?: string) => {
    sessionStorage.removeItem(KEY);
    setState({ token: null, endedBecause: because ?? null });
  }, []);
  const session = useMemo(() => ({ ...state, signIn, signOut }), [state, signIn, signOut]);
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside SessionProvider');
  return session;
}
