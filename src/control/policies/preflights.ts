/**
 * Preflights: what a change of hosts' kernels would show to their VMs, told for the fleet as it is and kept, so that the
 * answer can be linked. The verdicts are preflight.ts's.
 */
import { v7 as uuidv7 } from 'uuid';
import { selects } from '../../psci/fleet-policy.ts';
import type { Control } from '../control.ts';
import { readSnapshot, transact } from '../database/transact.ts';
import { type FleetHost, readFleetHosts, readFleetPolicies } from '../fleet/fleet-pins.ts';
import type { Labels } from '../labels.ts';
import type { Preflight, Prisma } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';
import { type PreflightReport, preflight } from './preflight.ts';
import { Fingerprints, findHost, type PreflightTarget, readTarget, readVms } from './preflight-read.ts';

/** One of `hostId` and `hostSelector`. */
export interface PreflightRequest {
  readonly hostId?: string;
  readonly hostSelector?: Labels;
  readonly target: PreflightTarget;
}

export interface PreflightRecord {
  readonly id: string;
  readonly request: PreflightRequest;
  readonly report: PreflightReport;
  readonly requestedBy: string;
  readonly createdAt: Date;
}

/** Throws VALIDATION_FAILED, HOST_UNKNOWN or FINGERPRINT_UNKNOWN. */
export async function runPreflight(
  control: Control,
  request: PreflightRequest,
  requestedBy: string,
): Promise<PreflightRecord> {
  const report = await readSnapshot(control, async (client) => {
    const all = await readFleetHosts(client);
    const hosts = chooseHosts(all, request);
    const fingerprints = new Fingerprints(client);
    const target = await readTarget(client, all, request.target, fingerprints);
    const policies = await readFleetPolicies(client);
    const vms = await readVms(client, hosts, fingerprints);
    return preflight({ hosts, vms, policies }, target);
  });
  const record = { id: uuidv7(), request, report, requestedBy };
  // Plain data, which Prisma's types cannot tell.
  const data = JSON.parse(JSON.stringify(record)) as Prisma.PreflightCreateInput;
  const { createdAt } = await transact(control, (tx) =>
    tx.preflight.create({ data, select: { createdAt: true } }),
  );
  return { ...record, createdAt };
}

function chooseHosts(all: readonly FleetHost[], { hostId, hostSelector }: PreflightRequest): FleetHost[] {
  if ((hostId === undefined) === (hostSelector === undefined)) {
    const pointer = hostId === undefined ? '/hostId' : '/hostSelector';
    throw new Refusal('VALIDATION_FAILED', 'Give "hostId" or "hostSelector", one of the two.', { pointer });
  }
  const hosts =
    hostId === undefined
      ? all.filter(({ labels }) => selects(hostSelector ?? {}, labels))
      : [findHost(all, hostId)];
  if (hosts.length > 0) return hosts;
  throw new Refusal('HOST_UNKNOWN', 'No host has these labels.', { pointer: '/hostSelector' });
}

/** The columns hold what `runPreflight` writes. */
function toRecord(row: Preflight): PreflightRecord {
  return { ...row, request: row.request, report: row.report } as unknown as PreflightRecord;
}

/** Throws PREFLIGHT_NOT_FOUND. */
export async function getPreflight(control: Control, id: string): Promise<PreflightRecord> {
  const row = await control.db.preflight.findUnique({ where: { id } });
  if (row !== null) return toRecord(row);
  throw new Refusal(
    'PREFLIGHT_NOT_FOUND',
    `There is no preflight ${id}; they are kept for ${KEPT_DAYS} days.`,
  );
}

/** For a first look: without the verdicts on single VMs, which may be many. */
export type PreflightSummary = Omit<PreflightRecord, 'report'> & Pick<PreflightReport, 'target' | 'counts'>;

/** Newest first. */
export async function listPreflights(
  control: Control,
  page: { beforeId: string | null; limit: number },
): Promise<PreflightSummary[]> {
  const { rows } = await control.pool.query<PreflightSummary>(
    `SELECT id, request, report->'target' AS target, report->'counts' AS counts, requested_by AS "requestedBy",
       created_at AS "createdAt"
     FROM preflights WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
    [page.beforeId, page.limit],
  );
  return rows;
}

const KEPT_DAYS = 90;

/** Removes the old ones; returns how many. */
export async function purgePreflights(control: Control): Promise<number> {
  const { rowCount } = await control.pool.query(
    `DELETE FROM preflights WHERE created_at < now() - make_interval(days => $1)`,
    [KEPT_DAYS],
  );
  return rowCount ?? 0;
}
