/** `--wait`: until an operation has ended. */
import type { Caller } from './call.ts';
import { CommandError, EXIT, usageError } from './errors.ts';

/** How long one request waits, in seconds; below what proxies usually allow. */
const POLL_SECONDS = 25;
const DEFAULT_TIMEOUT_SECONDS = 600;

export interface OperationBody {
  id: string;
  kind: string;
  status: string;
  error: { code: string; detail: string } | null;
}

/** Throws a CommandError when it takes longer than it may. */
export async function waitFor(
  caller: Caller,
  target: string,
  timeout: string | undefined,
): Promise<OperationBody> {
  const seconds = timeout === undefined ? DEFAULT_TIMEOUT_SECONDS : Number(timeout);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw usageError(`--wait-timeout takes seconds, not "${timeout}"`);
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const left = Math.max(0, Math.min(POLL_SECONDS, Math.ceil((deadline - performance.now()) / 1_000)));
    const { body } = await caller.call({ method: 'GET', target: `${target}?wait=${left}` });
    const operation = body as OperationBody;
    if (!['pending', 'running'].includes(operation.status)) return operation;
    if (performance.now() >= deadline)
      throw new CommandError(
        EXIT.timeout,
        `${operation.kind} is still ${operation.status} after ${seconds} s (${target})`,
      );
  }
}

/** Throws a CommandError unless it succeeded. */
export function checkSuccess({ kind, status, error }: OperationBody): void {
  if (status === 'succeeded') return;
  const why = error === null ? '' : `: ${error.code}: ${error.detail}`;
  throw new CommandError(EXIT.refused, `${kind} ${status}${why}`);
}
