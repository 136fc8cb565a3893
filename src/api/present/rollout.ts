import type { RolloutEventRecord, RolloutView, RolloutVmRecord } from '../../control/rollouts/rollouts.ts';
import type { Rollout, RolloutEvent, RolloutVm } from '../schemas/rollout.ts';

export function presentRollout(rollout: RolloutView): Rollout {
  const { counts, target, health } = rollout;
  return {
    id: rollout.id,
    name: rollout.name,
    selector: rollout.selector,
    to: { policy: target.policy, version: target.version, allowInsecure: target.allowInsecure },
    status: rollout.status,
    reason: rollout.reason,
    wave: rollout.wave,
    soakUntil: rollout.soakUntil?.toISOString() ?? null,
    waves: rollout.waves.map(({ percent = null, count = null, soakSeconds }, index) => {
      const states = statesOf(counts.filter(({ wave }) => wave === index));
      return { percent, count, soakSeconds, vms: total(states), states };
    }),
    vms: total(statesOf(counts)),
    states: statesOf(counts),
    failures: rollout.failures,
    failureThreshold: rollout.failureThreshold,
    maxUnavailable: rollout.maxUnavailable,
    restart: rollout.restart,
    stopTimeoutSeconds: rollout.stopTimeoutSeconds,
    health: { ...health },
    requestedBy: rollout.requestedBy,
    createdAt: rollout.createdAt.toISOString(),
    finishedAt: rollout.finishedAt?.toISOString() ?? null,
  };
}

function statesOf(counts: RolloutView['counts']): Record<string, number> {
  const states: Record<string, number> = {};
  for (const { state, count } of counts) states[state] = (states[state] ?? 0) + count;
  return states;
}

function total(states: Record<string, number>): number {
  return Object.values(states).reduce((sum, count) => sum + count, 0);
}

export function presentRolloutVm(vm: RolloutVmRecord): RolloutVm {
  const { former } = vm;
  return {
    vmId: vm.id,
    name: vm.vmName,
    wave: vm.wave,
    state: vm.state,
    why: vm.why,
    failure: vm.failure,
    former: former === null ? null : { policy: former.policy, version: former.version },
    operationId: vm.operationId,
    since: vm.since.toISOString(),
  };
}

export function presentRolloutEvent(event: RolloutEventRecord): RolloutEvent {
  return {
    at: event.at.toISOString(),
    kind: event.kind as RolloutEvent['kind'],
    vmId: event.vmId,
    vmName: event.vmName,
    operationId: event.operationId,
    detail: event.detail,
  };
}
