/** Whether this replica can do its work, part by part. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from '../control.ts';

export interface Part {
  readonly name: 'postgres' | 'notifications';
  /** `degraded`: requests are served, some of them later than they could be. */
  readonly status: 'ok' | 'degraded' | 'failed';
  /** What is wrong and what follows from it; null when nothing is. */
  readonly detail: string | null;
}

/** Everything is looked at, and no look takes longer than so many milliseconds. */
export async function readParts(control: Control, withinMs: number): Promise<Part[]> {
  return [await postgres(control, withinMs), notifications(control)];
}

async function postgres({ pool }: Control, withinMs: number): Promise<Part> {
  const name = 'postgres';
  const controller = new AbortController();
  const late = sleep(withinMs, `did not answer within ${withinMs} ms`, {
    signal: controller.signal,
    ref: false,
  }).catch(() => null);
  const answer = pool.query('SELECT 1').then(
    () => null,
    // The code names no address or account, as the message does.
    (error: unknown) => `cannot be reached (${codeOf(error)})`,
  );
  const wrong = await Promise.race([answer, late]);
  controller.abort();
  if (wrong === null) return { name, status: 'ok', detail: null };
  return { name, status: 'failed', detail: `Postgres ${wrong}; nothing can be read or changed.` };
}

function notifications({ wake }: Control): Part {
  const name = 'notifications';
  if (wake.connected) return { name, status: 'ok', detail: null };
  const detail = 'Changes made by other replicas are not heard, and looked for every second instead.';
  return { name, status: 'degraded', detail };
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'no connection within the time for one';
}
