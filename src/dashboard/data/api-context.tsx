/** Gives every component the client of whoever is signed in. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type Api, createApi } from './api.ts';

const ApiContext = createContext<Api | null>(null);

export function ApiProvider({ token, children }: { token: string; children: ReactNode }) {
  const api = useMemo(() => createApi(token), [token]);
  return <ApiContext value={api}>{children}</ApiContext>;
}

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) throw new Error('useApi outside ApiProvider');
  return api;
}
