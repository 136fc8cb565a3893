import { type Static, Type } from 'typebox';
import { DRAIN_ACTIONS, DRAIN_VM_STATES } from '../../control/hosts/drain-look.ts';
import { closed, Nullable, named, ref, Timestamp, Uuid } from './common.ts';
import { Operation } from './operation.ts';

export const DrainRequest = Type.Object(
  {
    action: Type.Optional(
      Type.Enum(DRAIN_ACTIONS, {
        description:
          'For every VM, in place of its own `onDrain`. Where `restart` is asked for, a VM with disks is stopped; ' +
          '`migrate` moves each with its memory and disks.',
      }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600,
        description: 'How long each guest has; by default 60 to power off and 300 to hibernate.',
      }),
    ),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Ends guests that do not answer or are paused, instead of leaving them. Those that are to be moved are not ended.',
      }),
    ),
  },
  closed,
);

export const Drain = named(
  'Drain',
  Type.Object(
    {
      operation: ref(Operation),
      action: Nullable(Type.Enum(DRAIN_ACTIONS)),
      timeoutSeconds: Nullable(Type.Integer()),
      force: Type.Boolean(),
      vms: Type.Array(
        Type.Object(
          {
            vmId: Uuid,
            name: Type.String(),
            action: Type.Enum(DRAIN_ACTIONS),
            state: Type.Enum(DRAIN_VM_STATES, {
              description:
                '`asked`: its request is open; `stopped`, `hibernated`; `moved`: goes on or started on another host, or is to; ' +
                '`ended` by others; `left`: it runs on.',
            }),
            why: Nullable(Type.String()),
            operationId: Nullable(Uuid),
            returnedAt: Nullable({
              ...Timestamp,
              description: 'When it was considered again because its host took runs again.',
            }),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
);

export type Drain = Static<typeof Drain>;
