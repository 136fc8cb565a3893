import { type Static, Type } from 'typebox';
import { DRIFT_KINDS } from '../../control/fleet/fleet-drift.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, Nullable, named, Uuid } from './common.ts';

const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));
const Count = Type.Integer({ minimum: 0 });

const PinCell = Type.Object(
  {
    psciVersion: Nullable(
      Type.Enum(PsciVersionSchema.enum, {
        description: 'Of the current or next boot; null where only a host decides.',
      }),
    ),
    kernel: Nullable(Type.String({ description: "`uname -r` of the VMs' host; null: on no host yet." })),
    vms: Count,
    acceptingHosts: Type.Integer({
      minimum: 0,
      description: 'Hosts with this kernel that accept the version, of those that are not lost.',
    }),
  },
  closed,
);

export const DriftKind = Type.Enum(DRIFT_KINDS, {
  description:
    "`due`: the VM's pin is another than its policy would give at a cold boot on its present host. `latest`: it takes " +
    'the newest version of its host at each cold boot. `thinlyAccepted`: fewer than two hosts accept its pin.',
});

export const DriftedVm = named(
  'DriftedVm',
  Type.Object(
    {
      vmId: Uuid,
      name: Type.String(),
      hostId: Nullable(Uuid),
      psciVersion: Nullable(
        Type.Enum(PsciVersionSchema.enum, {
          description: 'Of the current or next boot; null where only a host decides.',
        }),
      ),
      next: Nullable(
        Type.Object(
          { version: PsciVersionSchema, source: Type.String() },
          {
            ...closed,
            description:
              'What a cold boot on its present host would give. Null where only a host decides, or none may be used.',
          },
        ),
      ),
      why: Type.String({ description: 'Of `next`.' }),
      acceptingHosts: Type.Integer({
        minimum: 0,
        description: 'Hosts that accept `psciVersion`, of those that are not lost.',
      }),
    },
    closed,
  ),
);

export type DriftedVm = Static<typeof DriftedVm>;

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
          matrix: Type.Array(PinCell, {
            description:
              'By pin and kernel, both oldest first. A pair that no VM has and no host could give is left out.',
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
