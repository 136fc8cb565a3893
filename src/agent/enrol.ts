/**
 * How a machine becomes a host of a fleet, once.
 *
 *   no agent.json ─▶ credential made, stored, synced ─▶ token and credential's hash sent ─▶ host id stored, synced
 *
 * The credential exists on disk before the API hears of it. So when the answer is lost, or the process dies anywhere,
 * the next attempt sends the same token with the same hash and is answered with the same host; a second host never
 * comes of it. The credential itself is sent only as the bearer of later calls.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { ConfigError } from '../config/setting.ts';
import type { HostFacts } from '../wire/agent.ts';
import { nullable, open, ShapeError, text, uuid } from '../wire/shape.ts';
import { Backoff, pause } from './backoff.ts';
import { ApiClient, ApiError } from './client.ts';
import { readJson, type Store, writeJson } from './store.ts';

const agentFile = open({ hostId: nullable(uuid), credential: text });

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
  const { hostId, credential } = readOrMakeCredential(store);
  if (hostId !== null) return { hostId, credential };
  const enrolmentToken = options.enrolmentToken ?? readToken(options.enrolmentTokenFile);
  const credentialHash = createHash('sha256').update(credential).digest('hex');
  const { name, labels, facts } = options;
  const request = { enrolmentToken, name, labels: { ...labels }, credentialHash, facts };
  const backoff = new Backoff();
  while (!signal.aborted) {
    try {
      const answer = await ApiClient.enrol(options.api, request, signal);
      writeJson(store.agentFile, { hostId: answer.hostId, credential });
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

function readOrMakeCredential(store: Store): { hostId: string | null; credential: string } {
  try {
    const found = readJson(store.agentFile);
    if (found !== null) return agentFile(found, '');
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    throw new ConfigError(
      `${store.agentFile} cannot be understood (${error.message}); move it away to enrol this host anew`,
    );
  }
  const made = { hostId: null, credential: randomBytes(32).toString('base64url') };
  writeJson(store.agentFile, made);
  return made;
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
