/** The API as the page uses it: the typed client of whoever is signed in. */
import { type Client, createClient, unwrap } from '../../client/client.ts';
import { NoAnswerError } from './problems.ts';
import type { OidcClient } from './types.ts';

export type Api = Client;

export const EVENT_STREAM_URL = '/v1/events/stream';

export function createApi(token: string): Api {
  return createClient({ baseUrl: location.origin, token });
}

/** The body of a successful answer. Throws `ProblemError` for a refusal and `NoAnswerError` when none came. */
export async function answer<T>(call: Promise<Parameters<typeof unwrap<T>>[0]>): Promise<T> {
  return unwrap(
    await call.catch((cause: unknown) => {
      throw new NoAnswerError(cause);
    }),
  );
}

/** Throws when the API does not take the token. */
export async function checkToken(token: string): Promise<void> {
  await answer(createApi(token).GET('/v1/whoami'));
}

/** The issuer through which one may sign in; null when there is none. */
export async function readOidcClient(): Promise<OidcClient | null> {
  return (await answer(createApi('').GET('/v1/sign-in'))).oidc;
}

/** For `Idempotency-Key`; randomUUID would need HTTPS. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
