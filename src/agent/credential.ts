/**
 * The host's credential and how it is changed for another.
 *
 *   { credential } ─▶ { credential, next } stored ─▶ next announced ─▶ { credential: next } stored ─▶ next shown
 *
 * The API lets the old one in until the new one is shown, and is told of a new one as often as needed. So whenever the
 * process dies, the next one goes on with what is stored: with `next`, from the announcement.
 */
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import { ConfigError } from '../config/setting.ts';
import { nullable, open, orAbsent, ShapeError, text, uuid } from '../wire/shape.ts';
import { pause } from './backoff.ts';
import type { ApiClient } from './client.ts';
import { readJson, type Store, writeJson } from './store.ts';

const DAY_MS = 24 * 3600_000;

const agentFile = open({ hostId: nullable(uuid), credential: text, next: orAbsent(nullable(text), null) });

/** What agent.json says. */
export interface Credentials {
  /** Null until the API has answered. */
  readonly hostId: string | null;
  readonly credential: string;
  /** What is to take its place; null when it stays. */
  readonly next: string | null;
}

/** Makes a credential when there is none. @throws ConfigError when the file cannot be understood. */
export function readCredentials(store: Store): Credentials {
  try {
    const found = readJson(store.agentFile);
    if (found !== null) return agentFile(found, '');
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    throw new ConfigError(
      `${store.agentFile} cannot be understood (${error.message}); move it away to enrol this host anew`,
    );
  }
  const made = { hostId: null, credential: newCredential() };
  writeCredentials(store, made);
  return { ...made, next: null };
}

export function writeCredentials(
  store: Store,
  { hostId, credential, next = null }: Omit<Credentials, 'next'> & { next?: string | null },
): void {
  writeJson(store.agentFile, { hostId, credential, ...(next === null ? {} : { next }) });
}

export function newCredential(): string {
  return randomBytes(32).toString('base64url');
}

/** As the API keeps it. */
export function credentialHash(credential: string): string {
  return createHash('sha256').update(credential).digest('hex');
}

/** The next credential, stored before anybody hears of it. */
export function prepareNext(store: Store): Credentials & { readonly next: string } {
  const found = readCredentials(store);
  const next = found.next ?? newCredential();
  if (found.next === null) writeCredentials(store, { ...found, next });
  return { ...found, next };
}

/** Changes the credential when it is `days` old, or when a change was begun; else waits. @throws ApiError */
export async function rotateOnce(
  client: Pick<ApiClient, 'announceCredential' | 'use'>,
  store: Store,
  days: number,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const due = statSync(store.agentFile).mtimeMs + days * DAY_MS;
  const left = due - Date.now();
  if (left > 0 && readCredentials(store).next === null) {
    await pause(Math.min(left, DAY_MS), signal);
    return;
  }
  const { hostId, next } = prepareNext(store);
  await client.announceCredential({ credentialHash: credentialHash(next) }, signal);
  writeCredentials(store, { hostId, credential: next });
  client.use(next);
  log.info('changed the credential of this host');
}
