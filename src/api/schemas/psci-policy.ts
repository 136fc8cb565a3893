import { type Static, Type } from 'typebox';
import { PSCI_VERSIONS } from '../../psci/versions.ts';
import { LabelKey, Labels, LabelValue, MOST_LABELS } from '../../wire/agent.ts';
import { PsciVersionSchema } from '../../wire/event.ts';
import { closed, Name, Nullable, named, Timestamp, Uuid } from './common.ts';

const Count = Type.Integer({ minimum: 0 });

const Selector = {
  ...Labels,
  description: 'Labels that a VM must have, all of them; `{}` selects every VM.',
} as typeof Labels;
const FleetVersion = Type.Enum([...PSCI_VERSIONS, 'sticky', 'latest'], {
  description:
    'A version from 1.0 on; `sticky`: what a VM had at its last boot, or the default of the first host it boots on; ' +
    '`latest`: the newest of the host, at every cold boot.',
});
const Priority = Type.Integer({
  minimum: -1_000_000,
  maximum: 1_000_000,
  description:
    'Of the enforced policies that select a VM the one with the highest decides. Two that could select the same VM must ' +
    'differ in it.',
});
const Enforcement = Type.Enum(['enforce', 'audit'], {
  description: '`audit`: listed with what it would give, and never applied.',
});

const Content = {
  name: Name,
  selector: Selector,
  version: FleetVersion,
  priority: Priority,
  enforcement: Enforcement,
};

export const NewPsciPolicy = Type.Object(
  {
    ...Content,
    priority: Type.Optional({ ...Priority, default: 0 } as typeof Priority),
    enforcement: Type.Optional({ ...Enforcement, default: 'enforce' } as typeof Enforcement),
  },
  closed,
);

export const PsciPolicyPatch = Type.Object(
  {
    name: Type.Optional(Name),
    selector: Type.Optional(
      Type.Record(LabelKey, Nullable(LabelValue), {
        ...closed,
        maxProperties: MOST_LABELS,
        description: 'Null removes a label. Without any it selects every VM.',
      }),
    ),
    version: Type.Optional(FleetVersion),
    priority: Type.Optional(Priority),
    enforcement: Type.Optional(Enforcement),
  },
  closed,
);

const Revision = {
  id: Uuid,
  ...Content,
  revision: Type.Integer({ minimum: 1, description: 'Its ETag, too. A revision never changes.' }),
  changedBy: Type.String({ description: 'Who made this revision.' }),
  changedAt: Timestamp,
};

export const PsciPolicyRevision = named('PsciPolicyRevision', Type.Object(Revision, closed));

export const PsciPolicy = named(
  'PsciPolicy',
  Type.Object(
    {
      ...Revision,
      vms: Type.Integer({ minimum: 0, description: 'VMs that it selects.' }),
      createdAt: Timestamp,
    },
    { ...closed, description: 'Which pin the VMs get that inherit theirs (`psci.policy` is `inherit`).' },
  ),
);

const End = Type.Object(
  {
    version: Nullable(
      Type.Enum(PsciVersionSchema.enum, { description: 'Null where a host decides, or none may be used.' }),
    ),
    source: Nullable(Type.String()),
  },
  closed,
);
const Said = Nullable(Type.Object({ ...Content, revision: Type.Integer() }, closed));

export const PsciPolicyDryRun = named(
  'PsciPolicyDryRun',
  Type.Object(
    {
      dryRun: Type.Literal(true),
      before: Said,
      after: Said,
      vms: Type.Object(
        {
          selected: Type.Integer({
            minimum: 0,
            description: 'VMs that the policy selects, before or after.',
          }),
          changing: Type.Integer({ minimum: 0, description: 'Whose next boot would have another version.' }),
          kept: Type.Integer({
            minimum: 0,
            description:
              'Who would change, but whose guest hibernated, or may have, or goes on from a snapshot: their next boot ' +
              'keeps its pin.',
          }),
          unplaceable: Type.Integer({
            minimum: 0,
            description:
              'Of the changing ones those whose new version no host accepts that they could start on.',
          }),
          items: Type.Array(
            Type.Object(
              {
                vmId: Uuid,
                name: Type.String(),
                hostId: Nullable(Uuid),
                effective: Nullable(
                  Type.Enum(PsciVersionSchema.enum, { description: 'Of the current or last boot.' }),
                ),
                from: End,
                to: End,
                why: Type.String(),
                acceptedBy: Type.Integer({
                  minimum: 0,
                  description: 'Hosts that accept the new version, and that it could start on.',
                }),
              },
              closed,
            ),
            { description: 'The changing ones, one page of them.' },
          ),
          nextPageToken: Nullable(Type.String({ description: 'Null on the last page.' })),
        },
        closed,
      ),
      hosts: Type.Object(
        {
          affected: Type.Integer({
            minimum: 0,
            description: 'Hosts that could run changing VMs before and could not any more.',
          }),
          versions: Type.Array(
            Type.Object(
              { version: PsciVersionSchema, vms: Count, accepting: Count, refusing: Count },
              closed,
            ),
            { description: 'By what VMs would change to: how many, and how many hosts accept it or do not.' },
          ),
          items: Type.Array(
            Type.Object(
              {
                hostId: Uuid,
                name: Type.String(),
                kernel: Type.String(),
                versions: Type.Array(PsciVersionSchema, { description: 'What it does not accept.' }),
                vms: Type.Integer({ minimum: 0, description: 'Changing VMs that it could run no more.' }),
                placed: Type.Integer({ minimum: 0, description: 'Those of them that are on it now.' }),
              },
              closed,
            ),
            { description: 'At most `limit` of them, those with the most VMs first.' },
          ),
        },
        closed,
      ),
    },
    { ...closed, description: 'What the request would do. It has changed nothing.' },
  ),
);

export const PsciPolicyParams = Type.Object({ policyId: Uuid }, closed);

export type PsciPolicy = Static<typeof PsciPolicy>;
export type PsciPolicyRevision = Static<typeof PsciPolicyRevision>;
export type PsciPolicyDryRun = Static<typeof PsciPolicyDryRun>;
