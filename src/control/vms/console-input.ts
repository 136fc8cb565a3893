/**
 * What people type into guests' consoles, on its way to the host: a short queue. Only a run that lives has one, and what
 * has waited for a minute is dropped, so that nobody's keystrokes reach a guest long after they left.
 */
import type { ConsoleInputResponse } from '../../wire/agent.ts';
import type { Control } from '../control.ts';
import { transactRaw } from '../database/transact.ts';
import { consoleInputTopic } from '../events/topics.ts';
import { Refusal } from '../refusals.ts';

const MOST_WAITING_BYTES = 64 * 1024;
const KEPT_SECONDS = 60;
const BATCH_ROWS = 200;

/** Throws VM_NOT_FOUND, VM_NOT_RUNNING or CONSOLE_INPUT_FULL. */
export async function typeIntoConsole(control: Control, vmId: string, data: Buffer): Promise<void> {
  if (data.length === 0) return;
  const hostId = await transactRaw(control, async (client) => {
    const { rows } = await client.query<{ hostId: string | null; runId: string | null; name: string }>({
      name: 'console-target',
      text: 'SELECT host_id AS "hostId", run_id AS "runId", name FROM vms WHERE id = $1',
      values: [vmId],
    });
    const vm = rows[0];
    if (vm === undefined) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
    if (vm.runId === null || vm.hostId === null) {
      throw new Refusal('VM_NOT_RUNNING', `VM ${vm.name} does not run, so nobody reads its console.`);
    }
    // Positions of one host become visible in their order, because whoever takes one holds this until the commit.
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('console-input ' || $1, 0))", [
      vm.hostId,
    ]);
    const waiting = await client.query<{ bytes: string }>(
      `SELECT COALESCE(sum(octet_length(data)), 0) AS bytes FROM console_inputs
       WHERE run_id = $1 AND created_at > now() - make_interval(secs => ${KEPT_SECONDS})`,
      [vm.runId],
    );
    if (Number(waiting.rows[0]?.bytes ?? 0) + data.length > MOST_WAITING_BYTES) {
      throw new Refusal(
        'CONSOLE_INPUT_FULL',
        `The host of VM ${vm.name} has not taken what was typed; wait a moment.`,
      );
    }
    await client.query({
      name: 'console-type',
      text: 'INSERT INTO console_inputs (vm_id, host_id, run_id, data) VALUES ($1, $2, $3, $4)',
      values: [vmId, vm.hostId, vm.runId, data],
    });
    return vm.hostId;
  });
  control.wake.notify(consoleInputTopic(hostId));
}

/**
 * What was typed after the position `after` for VMs of a host, or nothing after `seconds`. What lies at or before
 * `after` has arrived and goes; without `after` everything that waits goes, for its reader is another one.
 */
export async function waitForInput(
  control: Control,
  hostId: string,
  options: { after: bigint | null; seconds: number; signal: AbortSignal },
): Promise<ConsoleInputResponse> {
  const watch = control.wake.watch([consoleInputTopic(hostId)]);
  try {
    const after = options.after ?? (await lastPosition(control, hostId));
    await control.pool.query({
      name: 'console-input-taken',
      text: `DELETE FROM console_inputs WHERE host_id = $1
             AND (position <= $2 OR created_at < now() - make_interval(secs => ${KEPT_SECONDS}))`,
      values: [hostId, String(after)],
    });
    for (const deadline = performance.now() + options.seconds * 1_000; ; ) {
      const { rows } = await control.pool.query<{
        position: string;
        vmId: string;
        runId: string;
        data: Buffer;
      }>({
        name: 'console-input-waiting',
        text: `SELECT position::text AS position, vm_id AS "vmId", run_id AS "runId", data FROM console_inputs
               WHERE host_id = $1 AND position > $2 ORDER BY position LIMIT ${BATCH_ROWS}`,
        values: [hostId, String(after)],
      });
      const left = deadline - performance.now();
      if (rows.length > 0 || left <= 0 || options.signal.aborted) {
        return {
          position: rows.at(-1)?.position ?? String(after),
          inputs: rows.map(({ vmId, runId, data }) => ({ vmId, runId, data: data.toString('base64') })),
        };
      }
      await watch.next(left, options.signal);
    }
  } finally {
    watch.close();
  }
}

async function lastPosition(control: Control, hostId: string): Promise<bigint> {
  const { rows } = await control.pool.query<{ position: string }>(
    'SELECT COALESCE(max(position), 0)::text AS position FROM console_inputs WHERE host_id = $1',
    [hostId],
  );
  return BigInt(rows[0]?.position ?? 0);
}
