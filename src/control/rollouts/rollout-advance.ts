/** A rollout as a whole: its waves follow each other, too many failures roll it back, and it ends. */
import { isTracing } from '../../trace/spans.ts';
import type { Control } from '../control.ts';
import type { Executor } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { lookSoon } from '../jobs/jobs.ts';
import { sendLastingSpan } from '../operations/lasting-trace.ts';
import { SETTLED } from './rollout-plan.ts';
import { findRollout, isOpenRollout, lockRollout, logRollout, type RolloutRecord } from './rollout-store.ts';

/** Moves the rollout on as its VMs allow. Returns whether it did. */
export async function advance(control: Control, rolloutId: string): Promise<boolean> {
  const did = await transact(control, async (tx) => {
    const rollout = await lockRollout(tx, rolloutId);
    if (rollout === null || !isOpenRollout(rollout)) return false;
    const failures = await tx.rolloutVm.count({ where: { rolloutId, failure: { not: null } } });
    if (rollout.status !== 'rollingBack' && failures > rollout.failureThreshold) {
      const reason = `${failures} of its VMs failed; ${rollout.failureThreshold} may.`;
      await logRollout(tx, rolloutId, 'halted', `${reason} It is rolled back.`);
      await beginRollback(tx, rolloutId, reason);
      return true;
    }
    if (rollout.status === 'rollingBack') return endRollback(tx, rolloutId);
    return rollout.status === 'running' && (await advanceWave(tx, rollout));
  });
  if (did && isTracing()) {
    const now = await findRollout(control.db, rolloutId);
    if (now !== null && !isOpenRollout(now)) sendRolloutSpan(now);
  }
  return did;
}

function sendRolloutSpan(rollout: RolloutRecord): void {
  const { id, status, createdAt, finishedAt } = rollout;
  if (finishedAt === null) return;
  sendLastingSpan(rollout, {
    ...{ name: 'rollout', createdAt, finishedAt },
    attributes: { 'holdfast.rollout_id': id, 'holdfast.rollout_status': status },
    ...(status === 'rolledBack' ? { error: status } : {}),
  });
}

async function advanceWave(tx: Executor, rollout: RolloutRecord): Promise<boolean> {
  const { id, wave, waves, soakUntil } = rollout;
  const settled = { in: [...SETTLED] };
  if ((await tx.rolloutVm.count({ where: { rolloutId: id, wave, NOT: { state: settled } } })) > 0)
    return false;
  const number = `Wave ${wave + 1} of ${waves.length}`;
  if (soakUntil === null) {
    const soakSeconds = waves[wave]?.soakSeconds ?? 0;
    await tx.$executeRaw`
      UPDATE rollouts SET soak_until = clock_timestamp() + make_interval(secs => ${soakSeconds}::float8),
        revision = revision + 1 WHERE id = ${id}::uuid`;
    await logRollout(tx, id, 'waveDone', `${number} is through; it soaks for ${soakSeconds} s.`);
    return true;
  }
  const [over] = await tx.$queryRaw<{ over: boolean }[]>`
    SELECT soak_until <= clock_timestamp() AS over FROM rollouts WHERE id = ${id}::uuid`;
  if (over?.over !== true) return false;
  const revision = { increment: 1 };
  if (wave + 1 < waves.length) {
    await tx.rollout.update({ where: { id }, data: { wave: wave + 1, soakUntil: null, revision } });
    await logRollout(tx, id, 'waveStarted', `Wave ${wave + 2} of ${waves.length} begins.`);
    return true;
  }
  const data = { status: 'succeeded', soakUntil: null, finishedAt: new Date(), revision };
  await tx.rollout.update({ where: { id }, data });
  await logRollout(tx, id, 'succeeded', 'All waves are through.');
  return true;
}

/** Turns every VM back that has been changed, and leaves the others as they are. The rollout's row is locked. */
export async function beginRollback(tx: Executor, rolloutId: string, reason: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE rollout_vms SET state = 'skipped', why = 'The rollout was rolled back before its turn.', since = now()
    WHERE rollout_id = ${rolloutId}::uuid AND state IN ('waiting', 'armed')`;
  await tx.$executeRaw`
    UPDATE rollout_vms SET state = 'reverting', why = NULL, operation_id = NULL, since = now()
    WHERE rollout_id = ${rolloutId}::uuid
      AND state IN ('stopping', 'booting', 'watching', 'healthy', 'set', 'unproven')`;
  await tx.rollout.update({
    where: { id: rolloutId },
    data: {
      ...{ status: 'rollingBack', reason, soakUntil: null, finishedAt: null },
      revision: { increment: 1 },
    },
  });
  await lookSoon(tx, 'rollout', rolloutId);
}

async function endRollback(tx: Executor, rolloutId: string): Promise<boolean> {
  const settled = { in: [...SETTLED] };
  if ((await tx.rolloutVm.count({ where: { rolloutId, NOT: { state: settled } } })) > 0) return false;
  const data = { status: 'rolledBack', finishedAt: new Date(), revision: { increment: 1 } };
  await tx.rollout.update({ where: { id: rolloutId }, data });
  const left = await tx.rolloutVm.count({ where: { rolloutId, state: 'revertAtBoot' } });
  const said = left === 0 ? '' : ` ${left} of them at their next cold boot.`;
  await logRollout(
    tx,
    rolloutId,
    'rolledBack',
    `All VMs that it had changed have what they had before.${said}`,
  );
  return true;
}
