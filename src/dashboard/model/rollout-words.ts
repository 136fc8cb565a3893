/** A rollout's states and steps, in words, and gathered into the few groups that a bar can show. Pure. */
import type { Rollout, RolloutEvent, RolloutVmState } from '../data/types.ts';

export const STATUS_WORDS: Record<Rollout['status'], string> = {
  running: 'running',
  paused: 'paused',
  rollingBack: 'rolling back',
  succeeded: 'succeeded',
  rolledBack: 'rolled back',
};

export type Group = 'done' | 'moving' | 'back' | 'apart' | 'waiting';

/** In the order of the bar. */
export const GROUPS: readonly Group[] = ['done', 'moving', 'back', 'apart', 'waiting'];

export const GROUP_WORDS: Record<Group, string> = {
  done: 'changed',
  moving: 'under way',
  back: 'going or gone back',
  apart: 'skipped or unproven',
  waiting: 'waiting',
};

export const STATES: Record<RolloutVmState, { group: Group; words: string }> = {
  waiting: { group: 'waiting', words: 'waiting' },
  armed: { group: 'waiting', words: 'at its next boot' },
  stopping: { group: 'moving', words: 'stopping' },
  booting: { group: 'moving', words: 'booting' },
  watching: { group: 'moving', words: 'being watched' },
  healthy: { group: 'done', words: 'healthy' },
  set: { group: 'done', words: 'set while off' },
  unproven: { group: 'apart', words: 'unproven' },
  skipped: { group: 'apart', words: 'skipped' },
  reverting: { group: 'back', words: 'going back' },
  returning: { group: 'back', words: 'booting with its former pin' },
  reverted: { group: 'back', words: 'went back' },
  revertAtBoot: { group: 'back', words: 'goes back at its next boot' },
};

export const ROLLOUT_VM_STATES = Object.keys(STATES) as RolloutVmState[];

export interface Segment {
  group: Group;
  vms: number;
}

/** Without the groups that nothing is in. */
export function segmentsOf(states: Rollout['states']): Segment[] {
  const counts = new Map<Group, number>();
  for (const state of ROLLOUT_VM_STATES) {
    const { group } = STATES[state];
    counts.set(group, (counts.get(group) ?? 0) + (states[state] ?? 0));
  }
  return GROUPS.flatMap((group) => {
    const vms = counts.get(group) ?? 0;
    return vms === 0 ? [] : [{ group, vms }];
  });
}

/** `3 healthy, 1 booting`; every state that a VM is in. */
export function statesWords(states: Rollout['states']): string {
  const parts = ROLLOUT_VM_STATES.flatMap((state) => {
    const vms = states[state] ?? 0;
    return vms === 0 ? [] : [`${vms.toLocaleString('en')} ${STATES[state].words}`];
  });
  return parts.length === 0 ? 'no VMs' : parts.join(', ');
}

/** What is asked, and what answer is well. */
export function probeWords(probe: NonNullable<Rollout['health']['probe']>): [asked: string, well: string] {
  if ('tcp' in probe) return [`TCP ${probe.tcp.host}:${probe.tcp.port}`, 'accepts a connection'];
  const { url, status } = probe.http;
  return [`GET ${url}`, `answers ${status ?? '2xx'}`];
}

export function targetWords({ policy, version }: Rollout['to']): string {
  switch (policy) {
    case 'pinned':
      return `PSCI ${version}`;
    case 'inherit':
      return 'the fleet’s policies';
    case 'sticky':
      return 'sticky';
    case 'latest':
      return 'latest';
  }
}

/** How a wave stands to the one that is under way. */
export function waveState(
  index: number,
  { status, wave }: Pick<Rollout, 'status' | 'wave'>,
): 'through' | 'now' | 'later' | 'ended' | 'unreached' {
  if (status === 'succeeded') return 'through';
  if (status === 'rolledBack' || status === 'rollingBack') return index <= wave ? 'ended' : 'unreached';
  if (index < wave) return 'through';
  return index === wave ? 'now' : 'later';
}

const EVENT_WORDS: Record<RolloutEvent['kind'], string> = {
  created: 'Planned',
  waveStarted: 'Wave begun',
  waveDone: 'Wave through',
  paused: 'Paused',
  resumed: 'Resumed',
  halted: 'Halted by itself',
  rollbackAsked: 'Rollback asked for',
  succeeded: 'Succeeded',
  rolledBack: 'Rolled back',
  vmSkipped: 'Skipped',
  vmSet: 'Set while off',
  vmArmed: 'Waits for its next boot',
  vmStopAsked: 'Asked to power off',
  vmStartAsked: 'Start asked for',
  vmChanged: 'Pin changed',
  vmBooted: 'Booted',
  vmHealthy: 'Healthy',
  vmUnproven: 'Unproven',
  vmFailed: 'Failed',
  vmRestored: 'Former request restored',
  vmReverted: 'Went back',
};

export function eventWords({ kind }: Pick<RolloutEvent, 'kind'>): string {
  return EVENT_WORDS[kind];
}
