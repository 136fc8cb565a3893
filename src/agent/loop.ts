/** Doing one thing for ever, through every failure of the API. */
import type { Logger } from 'pino';
import { Backoff, pause } from './backoff.ts';
import { ApiError } from './client.ts';

/** Between attempts with a credential that the API does not accept. */
const REFUSED_CREDENTIAL_MS = 60_000;

/**
 * Calls `once` again and again until the signal is raised; after a failure it waits. `once` is responsible for waiting
 * when there is nothing to do.
 */
export async function forever(
  name: string,
  once: (signal: AbortSignal) => Promise<void>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const backoff = new Backoff();
  while (!signal.aborted) {
    try {
      await once(signal);
      if (backoff.failures > 0) log.info({ loop: name }, 'works again');
      backoff.succeeded();
    } catch (error) {
      if (signal.aborted) return;
      const wait = backoff.failed(leastWait(error));
      complain(name, error, backoff.failures, log);
      await pause(wait, signal);
    }
  }
}

/** How long to wait at least before the failed call is made again, in milliseconds. */
export function leastWait(error: unknown): number {
  if (!(error instanceof ApiError)) return 0;
  return error.status === 401 ? REFUSED_CREDENTIAL_MS : error.retryAfterSeconds * 1000;
}

/** Logs the first failures and then ever fewer: an API that is away for a night is one story, not ten thousand lines. */
function complain(name: string, error: unknown, failures: number, log: Logger): void {
  if ((failures & (failures - 1)) !== 0) return;
  if (error instanceof ApiError && error.status === 401) {
    log.error(
      { loop: name, code: error.code },
      'the API does not accept this host’s credential: it was revoked, or agent.json belongs to another fleet. VMs keep ' +
        'running and nothing is lost; to be let in again, start the agent with an enrolment token that names this host ' +
        '(POST /v1/enrolment-tokens with its hostId)',
    );
    return;
  }
  if (error instanceof ApiError && error.passing) {
    log.warn({ loop: name, code: error.code, failures }, error.message);
    return;
  }
  log.error({ loop: name, err: error, failures }, 'failed, trying again');
}
