/**
 * How a machine becomes a host of a fleet, once.
 *
 *   no agent.json ─▶ credential made, stored, synced ─▶ token and credential's hash sent ─▶ host id stored, synced
 *
 * The credential exists on disk before the API hears of it. So when the answer is lost, or the process dies anywhere,
 * the next attempt sends the same token with the same hash and is answered with the same host; a second host never
 * comes of it. The credential itself is sent only as the bearer of later calls.
 *
 * A host whose credential the API accepts no more gets another in the same way, by a token that was made for it.
 */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { ConfigError } from '../config/setting.ts';
import type { EnrolRequest, HostFacts } from '../wire/agent.ts';
import { Backoff, pause } from './backoff.ts';
import { ApiClient, ApiError, type Fetch } from './client.ts';
import { credentialHash, prepareNext, readCredentials, writeCredentials } from './credential.ts';
import type { Store } from './store.ts';

export interface Membership {
  readonly hostId: string;
  readonly credential: string;
}

export interface EnrolOptions {
  readonly api: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly enrolmentTokenFile: string | null;
  /** The token itself, where it is not in a file of its own. */
  readonly enrolmentToken?: string | null;
  readonly facts: HostFacts;
  /** How the API is reached, when not by `fetch`. */
  readonly http?: Fetch | undefined;
}

/**
 * Who this host is; asks the API when it does not know yet, until it is answered.
 * @returns null when the signal was raised first. @throws ConfigError when the API refuses, or there is no token.
 */
export async function enrol(
  store: Store,
  options: EnrolOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<Membership | null> {
  const { hostId, credential } = readCredentials(store);
  if (hostId !== null) return enrolAgain(store, { hostId, credential }, options, log, signal);
  const request = requestOf(options, credential);
  const { name } = options;
  const backoff = new Backoff();
  while (!signal.aborted) {
    try {
      const answer = await ApiClient.enrol(options.api, request, signal, options.http);
      writeCredentials(store, { hostId: answer.hostId, credential });
      log.info({ hostId: answer.hostId, name }, 'enrolled');
      return { hostId: answer.hostId, credential };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401 || !error.passing) {
        throw new ConfigError(
          `the API refuses to enrol this host: ${error.message} (${error.code}). ` +
            'A token serves once; make a new one with POST /v1/enrolment-tokens',
        );
      }
      const wait = backoff.failed(error.retryAfterSeconds * 1000);
      log.warn({ code: error.code, failures: backoff.failures }, `cannot enrol yet: ${error.message}`);
      await pause(wait, signal);
    }
  }
  return null;
}

function requestOf(options: EnrolOptions, credential: string): EnrolRequest {
  const { name, labels, facts } = options;
  return {
    ...{ name, labels: { ...labels }, facts },
    enrolmentToken: options.enrolmentToken ?? readToken(options.enrolmentTokenFile),
    credentialHash: credentialHash(credential),
  };
}

/**
 * Gets a known host another credential when the API accepts its own no more and there is a token for it. Whatever goes
 * wrong, the host goes on with what it has: its VMs need their agent, and the loops tell what the API says.
 */
async function enrolAgain(
  store: Store,
  known: Membership,
  options: EnrolOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<Membership> {
  const { api, http, enrolmentTokenFile, enrolmentToken = null } = options;
  if (enrolmentTokenFile === null && enrolmentToken === null) return known;
  if (await isAccepted(new ApiClient(api, known.credential, http), signal)) return known;
  try {
    const { next } = prepareNext(store);
    const { hostId } = await ApiClient.enrol(api, requestOf(options, next), signal, http);
    if (hostId !== known.hostId) {
      throw new ConfigError(`the enrolment token is for host ${hostId}, and this host is ${known.hostId}`);
    }
    writeCredentials(store, { hostId, credential: next });
    log.info({ hostId }, 'enrolled again');
    return { hostId, credential: next };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof ConfigError)) throw error;
    log.error(`the API accepts neither this host's credential nor its enrolment token: ${error.message}`);
    return known;
  }
}

/** Also true while that cannot be known. */
async function isAccepted(client: ApiClient, signal: AbortSignal): Promise<boolean> {
  try {
    await client.assignments(null, 0, signal);
    return true;
  } catch (error) {
    return !(error instanceof ApiError && error.status === 401);
  }
}

function readToken(path: string | null): string {
  if (path === null) {
    throw new ConfigError(
      'this machine is not enrolled yet: pass --enrolment-token-file with a token from POST /v1/enrolment-tokens',
    );
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(
      `cannot read the enrolment token: ${error instanceof Error ? error.message : error}`,
    );
  }
}
