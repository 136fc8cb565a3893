/** What taking, using and deleting a snapshot means, said before it is done. Pure. */
import type { Vm } from '../data/types.ts';
import type { Point } from './vm-actions.ts';

const plain = (text: string): Point => ({ text, weight: 'plain' });
const loss = (text: string): Point => ({ text, weight: 'loss' });

export function snapshotPoints({
  phase,
  memoryMiB,
  disks,
}: Pick<Vm, 'phase' | 'memoryMiB' | 'disks'>): Point[] {
  const disksMiB = disks.reduce((sum, { sizeMiB }) => sum + sizeMiB, 0);
  return [
    plain(
      phase === 'paused'
        ? 'It is paused and stays so.'
        : 'It stands still for an instant, and runs on while it is saved.',
    ),
    plain(
      `At most ${(memoryMiB + disksMiB).toLocaleString('en')} MiB are stored, less what is zero or can be compressed.`,
    ),
    plain('Its memory may hold keys and passwords: whoever may start VMs may read them from a copy.'),
  ];
}

export function restorationPoints({ psci, nics }: { psci: string; nics: readonly unknown[] }): Point[] {
  return [
    plain(
      `It goes on where the guest was saved, with the same firmware: PSCI ${psci}, on a host that answers alike.`,
    ),
    ...(nics.length === 0
      ? []
      : [
          plain(
            'It gets addresses of its own; the guest notices when it asks by DHCP the next time, and believes to have the old one until then.',
          ),
        ]),
    loss(
      'Two guests then have the same memory: machine id, host keys and random numbers of one are those of the other.',
    ),
  ];
}

export function deletionPoints(): Point[] {
  return [
    loss('What is saved in it is removed for ever.'),
    plain('VMs that were made from it, and have started, keep what they have.'),
  ];
}
