/**
 * What an operator can ask of a VM, when it makes sense, and what it will do, said before it is confirmed. Pure.
 *
 * The API decides what is allowed; this only keeps buttons away that it would refuse.
 */
import type { Phase, Vm } from '../data/types.ts';

export type VmAction =
  | 'start'
  | 'stop'
  | 'hibernate'
  | 'pause'
  | 'resume'
  | 'reset'
  | 'migrate'
  | 'kill'
  | 'delete';

const OFF: readonly Phase[] = ['stopped', 'hibernated', 'failed'];
const ENDABLE: readonly Phase[] = [
  'pending',
  'starting',
  'running',
  'paused',
  'stopping',
  'hibernating',
  'migrating',
  'unknown',
];

const POSSIBLE_IN: Record<VmAction, readonly Phase[]> = {
  start: OFF,
  stop: ['running', 'pending'],
  hibernate: ['running'],
  pause: ['running'],
  resume: ['paused'],
  reset: ['running'],
  migrate: ['running', 'paused', ...OFF],
  kill: ENDABLE,
  delete: [...OFF, 'pending'],
};

export function isPossible(action: VmAction, vm: Pick<Vm, 'phase'>): boolean {
  return POSSIBLE_IN[action].includes(vm.phase);
}

/** A sentence; `loss` is set apart: something that cannot be got back. */
export interface Point {
  text: string;
  weight: 'plain' | 'loss';
}

export interface Consequences {
  title: string;
  points: readonly Point[];
  confirm: string;
  tone: 'primary' | 'danger';
}

const plain = (text: string): Point => ({ text, weight: 'plain' });
const loss = (text: string): Point => ({ text, weight: 'loss' });

/** Null for an action that loses nothing and can be taken back: it is done without a question. */
export function consequencesOf(
  action: VmAction,
  vm: Pick<Vm, 'name' | 'phase' | 'psci' | 'disks'>,
): Consequences | null {
  switch (action) {
    case 'start':
    case 'resume':
      return null;
    case 'pause':
      return {
        title: `Pause ${vm.name}?`,
        points: [
          plain('Its vCPUs stop where they are; its memory stays on the host.'),
          plain('For the guest no time passes: its clock will be behind, and its connections may time out.'),
        ],
        confirm: 'Pause',
        tone: 'primary',
      };
    case 'stop':
      return {
        title: `Ask ${vm.name} to power off?`,
        points: [
          plain('Its power key is pressed. The guest may take its time, or ignore it.'),
          ...indistinct(vm, 'If it hibernates instead, that cannot be told from a power-off'),
        ],
        confirm: 'Ask it to power off',
        tone: 'primary',
      };
    case 'hibernate':
      return {
        title: `Ask ${vm.name} to hibernate?`,
        points: [
          plain(
            'Its hibernate key is pressed. The guest writes its memory to its own swap and powers off; the next start resumes it under the same pin.',
          ),
          ...(vm.disks.some((disk) => !disk.readOnly)
            ? []
            : [
                loss(
                  'It has no writable disk: the guest has nowhere to save its memory, and will most likely not answer.',
                ),
              ]),
          ...indistinct(vm, 'Its hibernation cannot be told from a power-off'),
        ],
        confirm: 'Ask it to hibernate',
        tone: 'primary',
      };
    case 'reset':
      return {
        title: `Reset ${vm.name}?`,
        points: [
          loss(
            'The guest is not asked: everything in its memory and every write it has not yet flushed is lost.',
          ),
          plain('It boots again at once, on the same host and with the same pin.'),
        ],
        confirm: 'Reset now',
        tone: 'danger',
      };
    case 'migrate':
      return {
        title: `Move ${vm.name} to another host?`,
        points: OFF.includes(vm.phase)
          ? [
              plain(
                vm.disks.length === 0
                  ? 'It has no disks: only its place changes.'
                  : `Its ${vm.disks.length === 1 ? 'disk goes' : `${vm.disks.length} disks go`} with it. It stays off, and starts there.`,
              ),
            ]
          : [
              plain(
                'The guest is paused and saved with its memory and disks, and goes on there under the same pin. For the guest no time passes meanwhile: its clock will be behind, and its connections may time out.',
              ),
              plain(
                'If it cannot be saved, or no host can take it, it goes on where it is. If the other host refuses it, it goes back or to the next that accepts.',
              ),
            ],
        confirm: 'Move it',
        tone: 'primary',
      };
    case 'kill':
      return {
        title: `Kill ${vm.name}?`,
        points: [
          loss(
            'Like pulling the plug: everything in its memory and every write it has not yet flushed is lost.',
          ),
          ...(vm.phase === 'hibernating'
            ? [loss('It is writing its hibernation image: a half-written one cannot be resumed.')]
            : []),
          ...(vm.phase === 'migrating'
            ? [
                plain(
                  'It is being moved. Once its guest has left its host, what was saved of it stays, and the next start goes on from there.',
                ),
              ]
            : []),
          ...(vm.phase === 'unknown'
            ? [plain('Its host is silent. The request is kept, and carried out if the host comes back.')]
            : []),
          plain('Its disks and its pin stay; it will be stopped and can be started again.'),
        ],
        confirm: 'Kill',
        tone: 'danger',
      };
    case 'delete':
      return {
        title: `Delete ${vm.name}?`,
        points: [
          loss(
            vm.disks.length === 0
              ? 'The VM is removed.'
              : `Its ${vm.disks.length === 1 ? 'disk is' : `${vm.disks.length} disks are`} removed from the host for ever.`,
          ),
          ...(vm.phase === 'hibernated'
            ? [loss('It is hibernated: what its guest had in memory goes with it.')]
            : []),
          plain('Its events stay in the log.'),
        ],
        confirm: 'Delete',
        tone: 'danger',
      };
  }
}

function indistinct(vm: Pick<Vm, 'psci'>, what: string): Point[] {
  if (vm.psci.hibernateDetection) return [];
  const pin = vm.psci.effective === null ? 'a pin below 1.3' : `PSCI ${vm.psci.effective}`;
  return [
    plain(
      `${what}: under ${pin} the guest has no SYSTEM_OFF2 to say so. Unless it has no disk to hibernate to, the event will read “hibernation unknown”, and the pin stays locked until the next boot.`,
    ),
  ];
}
