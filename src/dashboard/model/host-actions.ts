/** What can be asked of a host, and what it will do, said before it is confirmed. Pure. */
import type { Host, Maintenance } from '../data/types.ts';
import { count } from './format.ts';
import { hostState } from './host-state.ts';
import type { Consequences, Point } from './vm-actions.ts';

const plain = (text: string): Point => ({ text, weight: 'plain' });
const loss = (text: string): Point => ({ text, weight: 'loss' });

export type DrainAction = 'stop' | 'hibernate' | 'restart' | 'migrate';

/** What a drain does with each VM. Empty: as the VM itself says (`onDrain`). */
export interface DrainDraft {
  action: DrainAction | '';
  force: boolean;
}

export const DRAIN_AS_EACH_SAYS: DrainDraft = { action: '', force: false };

export const DRAIN_CHOICES: readonly { value: DrainAction | ''; label: string; hint: string }[] = [
  {
    value: '',
    label: 'As each VM says',
    hint: 'Every VM has its own “onDrain”: stop, hibernate, restart or migrate.',
  },
  {
    value: 'stop',
    label: 'Stop them',
    hint: 'Their power keys are pressed; they start again when the host is back.',
  },
  {
    value: 'hibernate',
    label: 'Hibernate them',
    hint: 'Guests that can keep their memory on disk, and resume when the host is back.',
  },
  {
    value: 'restart',
    label: 'Restart them on other hosts',
    hint: 'Those without disks. A VM with disks is stopped: its disks stay here.',
  },
  {
    value: 'migrate',
    label: 'Move them to other hosts',
    hint: 'With their memory and disks, under the same pins. One that no host can take runs on here.',
  },
];

export function drainBody({ action, force }: DrainDraft): { action?: DrainAction; force?: boolean } {
  return { ...(action === '' ? {} : { action }), ...(force ? { force } : {}) };
}

export function drainPoints(host: Pick<Host, 'vms'>, { force }: DrainDraft): Point[] {
  return [
    plain(
      `It takes no new runs, and those of its ${count(host.vms, 'VM')} that run are dealt with one by one, by asking their guests.`,
    ),
    force
      ? loss(
          'Guests that do not answer in time, and those that are paused, are killed: their memory is lost.',
        )
      : plain('A guest that does not answer in time runs on, and the drain says so.'),
    plain(
      'It stays cordoned. When it is uncordoned, the VMs that this stopped or hibernated are started again.',
    ),
  ];
}

export function uncordonQuestion(host: Pick<Host, 'name'>, maintenance: Maintenance | null): Consequences {
  const open = maintenance !== null && maintenance.finishedAt === null;
  return {
    title: `Uncordon ${host.name}?`,
    points: [
      plain('It takes new runs again; VMs that wait for a host may come to it at once.'),
      plain(
        'VMs that a drain stopped or hibernated here are started again, unless somebody has seen to them.',
      ),
      ...(open
        ? [
            loss(
              'Its kernel upgrade is under way. This cancels it, whatever the new kernel answers; it is audited.',
            ),
          ]
        : []),
    ],
    confirm: open ? 'Cancel the upgrade and uncordon' : 'Uncordon',
    tone: open ? 'danger' : 'primary',
  };
}

export function declareLostQuestion(host: Pick<Host, 'name' | 'vms'>): Consequences {
  return {
    title: `Give up ${host.name}?`,
    points: [
      loss(
        `The runs of its ${count(host.vms, 'VM')} end as “lost” and their disks are given up. Should the host come back, what it still runs is ended.`,
      ),
      plain('The VMs can then be deleted, or started elsewhere: those with disks on fresh ones.'),
      plain('Only for a host that will not come back. It is audited.'),
    ],
    confirm: 'Declare it lost',
    tone: 'danger',
  };
}

/** Only a silent host can be given up. */
export function mayBeDeclaredLost(host: Host): boolean {
  return hostState(host) === 'silent';
}

const DRAIN_STATES = {
  asked: 'asked',
  stopped: 'stopped',
  hibernated: 'hibernated',
  moved: 'moved to another host',
  ended: 'ended by somebody else',
  left: 'runs on',
} as const;

export function drainStateWords(state: keyof typeof DRAIN_STATES): string {
  return DRAIN_STATES[state];
}
