import { type Static, Type } from 'typebox';
import { ROLLOUT_STATUSES, ROLLOUT_VM_STATES } from '../../control/rollouts/rollout-plan.ts';
import { ROLLOUT_EVENT_KINDS } from '../../control/rollouts/rollout-store.ts';
import { Labels } from '../../wire/agent.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, Name, Nullable, named, Timestamp, Uuid } from './common.ts';

const MOST_WAVES = 20;
const LONGEST_SECONDS = 7 * 24 * 3_600;
/** More than any fleet has. */
const MOST_VMS = 1_000_000;

const RolloutPolicy = Type.Enum(['inherit', 'sticky', 'latest']);
const To = Type.Union(
  [
    Type.Object(
      {
        version: PsciVersionSchema,
        allowInsecure: Type.Optional(Type.Boolean({ description: 'Needed for 0.1 and 0.2. Audited.' })),
      },
      closed,
    ),
    Type.Object({ policy: RolloutPolicy }, closed),
  ],
  {
    description:
      'What each VM is to ask for in `psci`: a version of its own, or a policy. `{ "policy": "inherit" }` hands it to the ' +
      'policies of the fleet.',
  },
);

const SoakSeconds = Type.Integer({ minimum: 0, maximum: LONGEST_SECONDS, default: 0 });
const Wave = Type.Union(
  [
    Type.Object(
      { percent: Type.Integer({ minimum: 1, maximum: 100 }), soakSeconds: Type.Optional(SoakSeconds) },
      closed,
    ),
    Type.Object(
      { count: Type.Integer({ minimum: 1, maximum: MOST_VMS }), soakSeconds: Type.Optional(SoakSeconds) },
      closed,
    ),
  ],
  {
    description:
      "A wave's own size: `percent` of all VMs of the rollout, or `count`. The last wave takes what is left. After it is " +
      'through, its VMs are watched for `soakSeconds` before the next begins.',
  },
);

const Probe = Type.Union(
  [
    Type.Object(
      {
        http: Type.Object(
          {
            url: Type.String({ pattern: '^https?://[\\x21-\\x7e]+$', maxLength: 500 }),
            status: Type.Optional(
              Type.Integer({ minimum: 100, maximum: 599, description: 'Default: any 2xx.' }),
            ),
          },
          closed,
        ),
      },
      closed,
    ),
    Type.Object(
      {
        tcp: Type.Object(
          {
            host: Type.String({ pattern: '^[A-Za-z0-9{}.:_-]{1,253}$' }),
            port: Type.Integer({ minimum: 1, maximum: 65_535 }),
          },
          closed,
        ),
      },
      closed,
    ),
  ],
  {
    description:
      'Asked by a replica of the API, so the address must be one that it reaches: the networks of guests end at their ' +
      'host. `{name}`, `{id}` and `{address}` stand for the VM and its first NIC. Needs an admin.',
  },
);

const Health = Type.Object(
  {
    bootTimeoutSeconds: Type.Integer({
      minimum: 1,
      maximum: LONGEST_SECONDS,
      default: 300,
      description: 'So long after its start it must run and, where there is a probe, have passed it.',
    }),
    upSeconds: Type.Integer({
      minimum: 0,
      maximum: LONGEST_SECONDS,
      default: 60,
      description: 'So long it must then stay up, without a reset, and pass the probe again.',
    }),
    probe: Type.Optional(Nullable(Probe)),
  },
  closed,
);

export const NewRollout = Type.Object(
  {
    name: Name,
    selector: Labels,
    to: To,
    waves: Type.Array(Wave, { minItems: 1, maxItems: MOST_WAVES }),
    maxUnavailable: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_VMS,
        default: 1,
        description: 'How many VMs may be down for the rollout, or not yet proven, at once.',
      }),
    ),
    restart: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Restarts VMs that run, by asking their guests to power off. Without it each changes when somebody boots it.',
      }),
    ),
    stopTimeoutSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_600,
        default: 60,
        description: 'How long a guest has to power off. One that does not is skipped, and runs on.',
      }),
    ),
    health: Type.Optional(Health),
    failureThreshold: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MOST_VMS,
        default: 0,
        description:
          'So many VMs may fail; with one more the rollout is rolled back. A VM that failed goes back at once.',
      }),
    ),
  },
  closed,
);

const States = Type.Record(Type.String(), Type.Integer(), { description: 'How many VMs are in each state.' });

export const Rollout = named(
  'Rollout',
  Type.Object(
    {
      id: Uuid,
      name: Type.String(),
      selector: Labels,
      to: Type.Object(
        {
          policy: Type.Enum(['inherit', 'sticky', 'latest', 'pinned']),
          version: Nullable(PsciVersionSchema),
          allowInsecure: Type.Boolean(),
        },
        closed,
      ),
      status: Type.Enum(ROLLOUT_STATUSES),
      reason: Nullable(Type.String({ description: 'Why it is or was rolled back.' })),
      wave: Type.Integer({ description: 'The wave that is under way, from 0.' }),
      soakUntil: Nullable(Timestamp),
      waves: Type.Array(
        Type.Object(
          {
            percent: Nullable(Type.Integer()),
            count: Nullable(Type.Integer()),
            soakSeconds: Type.Integer(),
            vms: Type.Integer(),
            states: States,
          },
          closed,
        ),
      ),
      vms: Type.Integer({ description: 'All, with those that were skipped.' }),
      states: States,
      failures: Type.Integer(),
      failureThreshold: Type.Integer(),
      maxUnavailable: Type.Integer(),
      restart: Type.Boolean(),
      stopTimeoutSeconds: Type.Integer(),
      health: Type.Object(
        { bootTimeoutSeconds: Type.Integer(), upSeconds: Type.Integer(), probe: Nullable(Probe) },
        closed,
      ),
      requestedBy: Type.String(),
      createdAt: Timestamp,
      finishedAt: Nullable(Timestamp),
    },
    closed,
  ),
);

export const RolloutVm = named(
  'RolloutVm',
  Type.Object(
    {
      vmId: Uuid,
      name: Type.String(),
      wave: Nullable(Type.Integer({ description: 'Null: skipped from the beginning.' })),
      state: Type.Enum(ROLLOUT_VM_STATES, {
        description:
          '`waiting` for its turn, `armed` for its next cold boot, `stopping`, `booting`, `watching`, `healthy`; `set`: it ' +
          'was off, and its next start has the new pin; `unproven`: somebody stopped it; `skipped`: not touched; ' +
          '`reverting`, `returning`, `reverted`; `revertAtBoot`: goes back at its next cold boot.',
      }),
      why: Nullable(Type.String()),
      failure: Nullable(Type.String({ description: 'What was wrong with it under the new pin.' })),
      former: Nullable(
        Type.Object(
          {
            policy: Type.Enum(['inherit', 'sticky', 'latest', 'pinned']),
            version: Nullable(PsciVersionSchema),
          },
          { ...closed, description: 'What it asked for before; null while it has not been changed.' },
        ),
      ),
      operationId: Nullable(Uuid),
      since: Timestamp,
    },
    closed,
  ),
);

export const RolloutEvent = named(
  'RolloutEvent',
  Type.Object(
    {
      at: Timestamp,
      kind: Type.Enum(ROLLOUT_EVENT_KINDS),
      vmId: Nullable(Uuid),
      vmName: Nullable(Type.String()),
      operationId: Nullable(Uuid),
      detail: Type.String(),
    },
    closed,
  ),
);

export const RolloutParams = Type.Object({ rolloutId: Uuid }, closed);

export type Rollout = Static<typeof Rollout>;
export type RolloutVm = Static<typeof RolloutVm>;
export type RolloutEvent = Static<typeof RolloutEvent>;
