/**
 * Recording what hosts deliver: one transaction per batch, however often and in whatever pieces it comes.
 *
 * The VMs' rows are locked first, so batches about one VM come one after the other; records that are there already are
 * left out; the rest is judged (event-effects.ts) and written with everything that follows from it. A crash before the
 * commit leaves nothing, one after it leaves all, and the agent's repetition finds only duplicates. These are looked for
 * only when the insert has met one: then the transaction begins anew.
 */
import type pg from 'pg';
import { classifyHibernation, type Hibernation } from '../../psci/system-event.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import type { EventsResponse } from '../../wire/agent.ts';
import type { EventRecord } from '../../wire/event.ts';
import type { Control } from '../control.ts';
import { anyOf } from '../database/database.ts';
import { transactRaw } from '../database/transact.ts';
import { isPolicy } from '../identity/requesters.ts';
import type { Intent, IntentKind } from '../operations/intents.ts';
import type { RecordedPin } from '../policies/pin.ts';
import type { Disk } from '../vms/vm-query.ts';
import { checkRecord } from './event-check.ts';
import { type Effects, judge, type OpenVmOperation, type VmState } from './event-effects.ts';
import { KnownEvents, writeEffects } from './event-write.ts';
import { consoleTopic, EVENTS_TOPIC, hostTopic, operationTopic } from './topics.ts';

type Refused = EventsResponse['refused'];

interface Batch {
  /** By VM, what is new; empty for a VM whose records are all known. */
  readonly effects: ReadonlyMap<string, Effects>;
  readonly duplicates: number;
}

/** Records what is new of `given`, which the host `hostId` delivered. Every record is settled by the answer. */
export async function recordEvents(
  control: Control,
  hostId: string,
  given: readonly unknown[],
): Promise<EventsResponse> {
  const refused: Refused = [];
  const records = new Map<number, EventRecord>();
  given.forEach((value, index) => {
    const checked = checkRecord(value);
    if (typeof checked === 'string') refused.push({ index, code: 'EVENT_INVALID', detail: checked });
    else records.set(index, checked);
  });

  const attempt = (choose: Choose) =>
    transactRaw(control, async (client) => {
      const owned = await ownRuns(client, hostId, [...records.values()]);
      const isOwn = (record: EventRecord): boolean => owned.get(record.runId)?.vmId === record.vmId;
      const own = [...records.values()].filter(isOwn);
      // How a run ended that a migration has taken its guest from is nobody's news: `migrated` tells it.
      const news = own.filter(({ final, runId }) => !(final && owned.get(runId)?.left === true));
      const batch =
        news.length === 0
          ? { effects: new Map(), duplicates: 0 }
          : await record(client, hostId, news, { owned, choose });
      return {
        batch: { ...batch, duplicates: batch.duplicates + own.length - news.length },
        foreign: [...records].filter(([, record]) => !isOwn(record)).map(([index]) => index),
      };
    });
  const { batch, foreign } = await attempt(withoutRepeated).catch((error: unknown) => {
    if (error instanceof KnownEvents) return attempt(withoutKnown);
    throw error;
  });
  for (const index of foreign) {
    const detail = 'This host was never given that run of that VM.';
    refused.push({ index, code: 'RUN_NOT_ON_THIS_HOST', detail });
  }
  if (refused.length > 0) control.log.warn({ hostId, refused }, 'refused records of a host');
  return wakeAndCount(control, hostId, batch, refused);
}

function wakeAndCount(control: Control, hostId: string, batch: Batch, refused: Refused): EventsResponse {
  const all = [...batch.effects];
  const inserted = all.reduce((sum, [, { events }]) => sum + events.length, 0);
  if (inserted > 0) {
    const moved = all.filter(([, { endings, endedRuns }]) => endings.length + endedRuns.length > 0);
    control.wake.notify(
      EVENTS_TOPIC,
      ...(moved.length > 0 ? [hostTopic(hostId)] : []),
      ...all.flatMap(([, { endings }]) => endings.map(({ operationId }) => operationTopic(operationId))),
      ...all.map(([vmId]) => consoleTopic(vmId)),
    );
  }
  return { inserted, duplicates: batch.duplicates, refused: refused.sort((a, b) => a.index - b.index) };
}

/** A run as its start has it, which is there for ever. */
interface StartedRun {
  runId: string;
  vmId: string;
  /** Null for one that was started before pins were kept. */
  pin: RecordedPin | null;
  /** Its guest goes on on another host. */
  left: boolean;
}

/** The runs that this host was ever given, among those the records name. */
async function ownRuns(
  client: pg.PoolClient,
  hostId: string,
  records: readonly EventRecord[],
): Promise<Map<string, StartedRun>> {
  const { rows } = await client.query<StartedRun>({
    name: 'own-runs',
    text: `SELECT run_id AS "runId", vm_id AS "vmId", args->'pin' AS pin,
             EXISTS (SELECT FROM migrations m WHERE m.source_run_id = run_id AND m.handed_over) AS left
           FROM operations WHERE kind = 'start' AND host_id = $1 AND run_id = ${anyOf('$2::uuid[]')}`,
    values: [hostId, [...new Set(records.map(({ runId }) => runId))]],
  });
  return new Map(rows.map((row) => [row.runId, row]));
}

async function record(
  client: pg.PoolClient,
  hostId: string,
  records: readonly EventRecord[],
  { owned, choose }: { owned: ReadonlyMap<string, StartedRun>; choose: Choose },
): Promise<Batch> {
  const vms = await lockVms(client, records);
  const fresh = await choose(client, records);
  if (fresh.length === 0) return { effects: new Map(), duplicates: records.length };
  const intents = await readIntents(client, fresh);
  const open = await readOpenOperations(client, fresh);
  const effects = new Map<string, Effects>();
  for (const [vmId, ofVm] of Map.groupBy(fresh, (record) => record.vmId)) {
    const found = vms.get(vmId);
    const context = {
      vm: found === undefined ? null : stateOf(found),
      open: open.filter((operation) => operation.vmId === vmId),
      writableDisk: found?.disks.some(({ readOnly }) => !readOnly) ?? true,
      psciEffective: found?.psciEffective ?? null,
    };
    effects.set(
      vmId,
      judge(ofVm, context, intents, (event) => classify(event, found)),
    );
  }
  await writeEffects(client, hostId, effects, (runId) => owned.get(runId)?.pin ?? null);
  return { effects, duplicates: records.length - fresh.length };
}

interface LockedVm extends VmState {
  id: string;
  disks: Disk[];
  psciEffective: PsciVersion | null;
  kernelVersion: string | null;
}

function stateOf(row: LockedVm): VmState {
  const { phase, reason, powerState, hibernation, runId, bootId, observedSequence } = row;
  const { firmware, firmwareRun, hostBootId, restoring } = row;
  const seen = { phase, reason, powerState, hibernation, runId, bootId, observedSequence };
  return { ...seen, firmware, firmwareRun, hostBootId, restoring };
}

/** Locks in the order of ids, as everybody who locks several VMs does. */
async function lockVms(
  client: pg.PoolClient,
  records: readonly EventRecord[],
): Promise<Map<string, LockedVm>> {
  const ids = [...new Set(records.map(({ vmId }) => vmId))];
  const { rows } = await client.query<LockedVm>({
    name: 'lock-vms',
    text: `SELECT v.id, v.phase, v.reason, v.power_state AS "powerState", v.hibernation, v.run_id AS "runId",
             v.boot_id AS "bootId", v.observed_sequence AS "observedSequence", v.disks,
             v.restoring, v.firmware, v.firmware_run AS "firmwareRun",
             v.host_boot_id AS "hostBootId", v.psci_effective AS "psciEffective", i.kernel_version AS "kernelVersion"
           FROM vms v JOIN images i ON i.id = v.image_id
           WHERE v.id = ${anyOf('$1::uuid[]')} ORDER BY v.id FOR UPDATE OF v`,
    values: [ids],
  });
  if (rows.length < ids.length) {
    // A deleted VM has no row to lock; its starts stand in for it.
    await client.query(
      `SELECT id FROM operations WHERE kind = 'start' AND run_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
      [[...new Set(records.map(({ runId }) => runId))]],
    );
  }
  return new Map(rows.map((row) => [row.id, row]));
}

const keyOf = (key: { vmId: string; bootId: string; sequence: number }): string =>
  `${key.vmId} ${key.bootId} ${key.sequence}`;

/** What of a batch is to be recorded. */
type Choose = (client: pg.PoolClient, records: readonly EventRecord[]) => Promise<EventRecord[]>;

/** Leaves out what the batch itself repeats. */
const withoutRepeated: Choose = async (_, records) => unseen(records, new Set());

/** Leaves out what Postgres has already, too. */
const withoutKnown: Choose = async (client, records) => {
  const { rows } = await client.query<{ vmId: string; bootId: string; sequence: number }>({
    name: 'known-events',
    text: `SELECT e.vm_id AS "vmId", e.boot_id AS "bootId", e.sequence
           FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS r (vm_id, boot_id, sequence)
           JOIN events e USING (vm_id, boot_id, sequence)`,
    values: [
      records.map(({ vmId }) => vmId),
      records.map(({ bootId }) => bootId),
      records.map(({ sequence }) => sequence),
    ],
  });
  return unseen(records, new Set(rows.map(keyOf)));
};

function unseen(records: readonly EventRecord[], seen: Set<string>): EventRecord[] {
  return records.filter((record) => {
    const key = keyOf(record);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

async function readIntents(
  client: pg.PoolClient,
  records: readonly EventRecord[],
): Promise<Map<string, Intent>> {
  const ids = [...new Set(records.flatMap(({ intentIds }) => intentIds))];
  if (ids.length === 0) return new Map();
  const { rows } = await client.query<Intent & { kind: IntentKind; requestedBy: string }>({
    name: 'named-intents',
    text: `SELECT n.id, n.vm_id AS "vmId", n.run_id AS "runId", n.operation_id AS "operationId", n.kind,
             n.withdrawn_at IS NOT NULL AS withdrawn, n.event_id IS NOT NULL AS consumed,
             o.requested_by AS "requestedBy"
           FROM intents n JOIN operations o ON o.id = n.operation_id WHERE n.id = ${anyOf('$1::uuid[]')}`,
    values: [ids],
  });
  return new Map(
    rows.map(({ requestedBy, ...row }) => [row.id, { ...row, byPolicy: isPolicy(requestedBy) }]),
  );
}

async function readOpenOperations(
  client: pg.PoolClient,
  records: readonly EventRecord[],
): Promise<(OpenVmOperation & { vmId: string })[]> {
  const { rows } = await client.query<OpenVmOperation & { vmId: string }>({
    name: 'open-operations',
    text: `SELECT id, kind, vm_id AS "vmId", run_id AS "runId", requested_by AS "requestedBy",
             CASE WHEN o.kind = 'migrate' THEN EXISTS (
               SELECT FROM migrations m JOIN operations s ON s.id = m.step_id
               WHERE m.operation_id = o.id AND m.state = 'saving' AND s.status = 'succeeded')
             ELSE EXISTS (SELECT FROM intents n WHERE n.operation_id = o.id AND n.event_id IS NOT NULL) END AS saved
           FROM operations o WHERE vm_id = ${anyOf('$1::uuid[]')} AND status IN ('pending', 'running') ORDER BY id`,
    values: [[...new Set(records.map(({ vmId }) => vmId))]],
  });
  return rows;
}

function classify(record: EventRecord, vm: LockedVm | undefined): Hibernation {
  if (record.kind === 'hibernate') return 'yes';
  const psci = record.psci?.version ?? vm?.psciEffective ?? null;
  if (vm === undefined || psci === null) return 'unknown';
  return classifyHibernation({
    flagged: false,
    psci,
    kernelVersion: vm.kernelVersion,
    writableDisk: vm.disks.some(({ readOnly }) => !readOnly),
  });
}
