import { Type } from 'typebox';
import { closed, named } from './common.ts';

const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));
const Count = Type.Integer({ minimum: 0 });

export const FleetSummary = named(
  'FleetSummary',
  Type.Object(
    {
      vms: Type.Object(
        {
          total: Count,
          byPhase: Counts,
          byPsciVersion: Type.Record(Type.String(), Count, {
            description: 'By the pin of the current or next boot; `unresolved` where only a host decides.',
          }),
          drifted: Type.Integer({
            minimum: 0,
            description:
              'Whose pin is another than their policy would give at a cold boot on their present host.',
          }),
        },
        closed,
      ),
      hosts: Type.Object(
        {
          total: Count,
          byKernel: Counts,
          byLease: Type.Object({ active: Count, expired: Count }, closed),
          cordoned: Count,
          simulated: Count,
          byPsciAccepted: Counts,
        },
        closed,
      ),
      drift: Type.Object(
        {
          latest: Type.Integer({
            minimum: 0,
            description:
              'VMs that take the newest version of their host at each cold boot, by themselves or by a fleet policy.',
          }),
          thinlyAccepted: Type.Integer({
            minimum: 0,
            description: 'VMs whose pin fewer than two hosts accept, of those that are not lost.',
          }),
          fingerprintChanged: Type.Integer({
            minimum: 0,
            description: 'Hosts that answer PSCI calls otherwise than they did in their boot before.',
          }),
        },
        { ...closed, description: 'What a kernel upgrade would move, or could.' },
      ),
    },
    closed,
  ),
);
