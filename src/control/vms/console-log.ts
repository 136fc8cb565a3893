/**
 * What guests print: per boot a stretch of bytes, of which the newest 4 MiB are kept, for the newest 16 boots of a VM.
 * Offsets count from the beginning of the boot, so they stay right when the oldest bytes go.
 */
import type pg from 'pg';
import type { Control } from '../control.ts';
import { transactRaw } from '../database/transact.ts';
import { consoleTopic } from '../events/topics.ts';
import { Refusal } from '../refusals.ts';

const KEPT_BYTES = 4 * 1024 * 1024;
const KEPT_BOOTS = 16;
/** Pieces are appended to the last row up to this size, so that single letters do not become rows. */
const ROW_BYTES = 16 * 1024;
const READ_ROWS = 32;

export interface ConsolePiece {
  vmId: string;
  bootId: string;
  /** Bytes from the start of the boot. */
  offset: number;
  data: Buffer;
}

/** What became of a piece: `nextOffset` is where the stored output ends now, whether the piece was taken or not. */
export interface Appended {
  taken: boolean;
  nextOffset: number;
}

/** Stores a piece that starts exactly where the stored output ends. Throws VM_NOT_FOUND for what is not the host's. */
export async function appendConsole(
  control: Control,
  hostId: string,
  piece: ConsolePiece,
): Promise<Appended> {
  const appended = await transactRaw(control, async (client) => {
    const { rows } = await client.query<{ own: boolean }>({
      name: 'console-owner',
      // Serialises the writers of one boot; there are two when an agent was restarted in the middle of a request.
      text: `SELECT pg_advisory_xact_lock(hashtextextended($2, 0)),
               EXISTS (SELECT 1 FROM vms WHERE id = $1::uuid)
               AND EXISTS (SELECT 1 FROM operations WHERE vm_id = $1::uuid AND kind = 'start' AND host_id = $3)
               AND NOT EXISTS (SELECT 1 FROM events WHERE vm_id = $1::uuid AND boot_id = $2::uuid AND host_id <> $3)
               AS own`,
      values: [piece.vmId, piece.bootId, hostId],
    });
    if (rows[0]?.own !== true) {
      throw new Refusal('VM_NOT_FOUND', `This host has no VM ${piece.vmId} with the boot ${piece.bootId}.`);
    }
    return append(client, piece);
  });
  if (appended.taken && piece.data.length > 0) control.wake.notify(consoleTopic(piece.vmId));
  return appended;
}

async function append(client: pg.PoolClient, piece: ConsolePiece): Promise<Appended> {
  const { vmId, bootId, offset, data } = piece;
  const { rows } = await client.query<{ offset: string; length: number }>({
    name: 'console-end',
    text: `SELECT "offset", octet_length(data) AS length FROM console_chunks
           WHERE vm_id = $1 AND boot_id = $2 ORDER BY "offset" DESC LIMIT 1`,
    values: [vmId, bootId],
  });
  const last = rows[0];
  const end = last === undefined ? 0 : Number(last.offset) + last.length;
  if (offset !== end) return { taken: false, nextOffset: end };
  if (data.length === 0) return { taken: true, nextOffset: end };
  if (last !== undefined && last.length + data.length <= ROW_BYTES) {
    await client.query({
      name: 'console-extend',
      text: 'UPDATE console_chunks SET data = data || $4 WHERE vm_id = $1 AND boot_id = $2 AND "offset" = $3',
      values: [vmId, bootId, last.offset, data],
    });
  } else {
    await client.query({
      name: 'console-add',
      text: 'INSERT INTO console_chunks (vm_id, boot_id, "offset", data) VALUES ($1, $2, $3, $4)',
      values: [vmId, bootId, end, data],
    });
    await dropOldest(client, piece, end + data.length, last === undefined);
  }
  return { taken: true, nextOffset: end + data.length };
}

async function dropOldest(
  client: pg.PoolClient,
  { vmId, bootId }: ConsolePiece,
  end: number,
  newBoot: boolean,
): Promise<void> {
  if (end > KEPT_BYTES) {
    await client.query({
      name: 'console-drop',
      text: `DELETE FROM console_chunks
             WHERE vm_id = $1 AND boot_id = $2 AND "offset" + octet_length(data) <= $3`,
      values: [vmId, bootId, end - KEPT_BYTES],
    });
  }
  if (newBoot) {
    // Boots are named by UUIDv7, so their order is that of their ids.
    await client.query(
      `DELETE FROM console_chunks WHERE vm_id = $1 AND boot_id < (
         SELECT boot_id FROM (SELECT DISTINCT boot_id FROM console_chunks WHERE vm_id = $1) boots
         ORDER BY boot_id DESC OFFSET $2 LIMIT 1)`,
      [vmId, KEPT_BOOTS - 1],
    );
  }
}

interface ConsoleSpan {
  data: Buffer;
  next: number;
}

/** Some of a boot's output from `from` on; empty when there is none. Ask again from `next` for more. */
async function readConsole(
  control: Control,
  boot: { vmId: string; bootId: string },
  from: number,
): Promise<ConsoleSpan> {
  const { rows } = await control.pool.query<{ offset: bigint | string; data: Buffer }>({
    name: 'console-read',
    text: `SELECT "offset"::text AS "offset", data FROM console_chunks
           WHERE vm_id = $1 AND boot_id = $2 AND "offset" >= COALESCE((
             SELECT max("offset") FROM console_chunks WHERE vm_id = $1 AND boot_id = $2 AND "offset" <= $3), 0)
           ORDER BY "offset" LIMIT ${READ_ROWS}`,
    values: [boot.vmId, boot.bootId, from],
  });
  const parts = rows.flatMap(({ offset, data }) => {
    const skip = Math.max(0, from - Number(offset));
    return skip < data.length ? [{ at: Number(offset) + skip, data: data.subarray(skip) }] : [];
  });
  const data = Buffer.concat(parts.map((part) => part.data));
  // What lies at `from` may have been dropped.
  const start = parts[0]?.at ?? from;
  return { data, next: start + data.length };
}

/** Where a VM stands, as far as its console goes. */
interface ConsoleState {
  runId: string | null;
  bootId: string | null;
  starting: boolean;
}

async function readState(control: Control, vmId: string): Promise<ConsoleState> {
  const { rows } = await control.pool.query<ConsoleState>({
    name: 'console-state',
    text: `SELECT run_id AS "runId", boot_id AS "bootId", run_id IS NOT NULL AND observed_sequence = 0 AS starting
           FROM vms WHERE id = $1`,
    values: [vmId],
  });
  const state = rows[0];
  if (state === undefined) throw new Refusal('VM_NOT_FOUND', `There is no VM ${vmId}.`);
  return state;
}

/**
 * The boot to show: the named one, or the current or last one; null before the first. Throws VM_NOT_FOUND and, for a
 * named one that the VM never had, BOOT_NOT_FOUND.
 */
export async function findBoot(
  control: Control,
  vmId: string,
  bootId: string | null,
): Promise<string | null> {
  const state = await readState(control, vmId);
  if (bootId === null || bootId === state.bootId) return state.bootId;
  const { rows } = await control.pool.query(
    `SELECT 1 FROM console_chunks WHERE vm_id = $1 AND boot_id = $2
     UNION ALL SELECT 1 FROM events WHERE vm_id = $1 AND boot_id = $2 LIMIT 1`,
    [vmId, bootId],
  );
  if (rows.length === 0) throw new Refusal('BOOT_NOT_FOUND', `VM ${vmId} has no boot ${bootId}.`);
  return bootId;
}

/**
 * Where what is kept of a boot's console begins: 0 when nothing of it was dropped. Throws CONSOLE_NOT_KEPT when all of it
 * was, for the sake of newer boots.
 */
export async function keptFrom(control: Control, boot: { vmId: string; bootId: string }): Promise<number> {
  const { rows } = await control.pool.query<{ start: string | null; newer: number }>({
    name: 'console-kept-from',
    text: `SELECT (SELECT min("offset") FROM console_chunks WHERE vm_id = $1 AND boot_id = $2)::text AS start,
             (SELECT count(DISTINCT boot_id) FROM console_chunks WHERE vm_id = $1 AND boot_id > $2)::int AS newer`,
    values: [boot.vmId, boot.bootId],
  });
  const { start = null, newer = 0 } = rows[0] ?? {};
  if (start === null && newer >= KEPT_BOOTS) {
    throw new Refusal(
      'CONSOLE_NOT_KEPT',
      `The console of the boot ${boot.bootId} is no longer kept: it is for the newest ${KEPT_BOOTS} boots of a VM.`,
    );
  }
  return Number(start ?? 0);
}

/** All that is stored of a boot. */
export async function* dumpConsole(
  control: Control,
  boot: { vmId: string; bootId: string },
): AsyncGenerator<Buffer> {
  for (let from = 0; ; ) {
    const { data, next } = await readConsole(control, boot, from);
    if (data.length === 0) return;
    yield data;
    from = next;
  }
}

/** Output may arrive a little after the event that says that its boot has ended. */
const LATE_OUTPUT_MS = 3_000;
/** The same when another boot has begun, whose output is waited for. */
const LATE_BEFORE_NEXT_BOOT_MS = 500;
const LOOK_AGAIN_MS = 5_000;

/**
 * The output as it comes. Of a named boot, until it has ended; else of the current boot and of those that follow it,
 * until the VM is off. A VM that is starting is waited for.
 */
export async function* followConsole(
  control: Control,
  vmId: string,
  options: { bootId: string | null; signal: AbortSignal },
): AsyncGenerator<Buffer> {
  const { signal } = options;
  const watch = control.wake.watch([consoleTopic(vmId)]);
  try {
    let boot: string | null = options.bootId;
    let from = 0;
    let quietSince: number | null = null;
    while (!signal.aborted) {
      const state = await readState(control, vmId);
      if (boot === null && !state.starting) boot = state.bootId;
      const span = boot === null ? null : await readConsole(control, { vmId, bootId: boot }, from);
      if (span !== null && span.data.length > 0) {
        yield span.data;
        from = span.next;
        quietSince = null;
        continue;
      }
      const passed = boot !== null && !state.starting && state.bootId !== boot;
      if (!passed && state.runId !== null) {
        quietSince = null;
        await watch.next(LOOK_AGAIN_MS, signal);
        continue;
      }
      const next = passed && options.bootId === null ? await bootAfter(control, vmId, boot, state) : null;
      quietSince ??= performance.now();
      const left =
        quietSince + (next === null ? LATE_OUTPUT_MS : LATE_BEFORE_NEXT_BOOT_MS) - performance.now();
      if (left > 0) {
        await watch.next(left, signal);
      } else if (next === null) {
        return;
      } else {
        boot = next;
        from = 0;
        quietSince = null;
      }
    }
  } finally {
    watch.close();
  }
}

/** Boots are named by UUIDv7, so the next one that printed anything is the one with the next higher id. */
async function bootAfter(
  control: Control,
  vmId: string,
  boot: string | null,
  state: ConsoleState,
): Promise<string | null> {
  const { rows } = await control.pool.query<{ bootId: string }>({
    name: 'console-next-boot',
    text: `SELECT boot_id AS "bootId" FROM console_chunks WHERE vm_id = $1 AND boot_id > $2
           ORDER BY boot_id LIMIT 1`,
    values: [vmId, boot],
  });
  return rows[0]?.bootId ?? state.bootId;
}
