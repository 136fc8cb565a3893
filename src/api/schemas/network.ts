import { type Static, Type } from 'typebox';
import { Labels } from '../../wire/agent.ts';
import { closed, LabelsPatch, Name, named, Timestamp, Uuid } from './common.ts';

const Cidr = Type.String({
  pattern: '^(\\d{1,3}\\.){3}\\d{1,3}/\\d{1,2}$',
  description:
    'An IPv4 range from /16 to /29 with no host bit set, such as `10.20.0.0/24`. No two networks overlap.',
});
const Outside = Type.Boolean({
  description:
    'Whether guests reach the outside of their host, by NAT. Without it they reach the other guests on their host ' +
    'only.',
});

export const NewNetwork = Type.Object(
  {
    name: Name,
    labels: Type.Optional({ ...Labels, default: {} } as typeof Labels),
    cidr: Cidr,
    outside: Type.Optional({ ...Outside, default: false } as typeof Outside),
  },
  closed,
);

export const Network = named(
  'Network',
  Type.Object(
    {
      id: Uuid,
      name: Type.String(),
      labels: Labels,
      cidr: Cidr,
      outside: Outside,
      gateway: Type.String({ description: "Each host's own address in it: the first of the range." }),
      nics: Type.Integer({ description: 'How many NICs of VMs have an address in it.' }),
      createdAt: Timestamp,
    },
    closed,
  ),
);

export const NetworkPatch = Type.Object({ labels: Type.Optional(LabelsPatch) }, closed);

export const NetworkParams = Type.Object({ networkId: Uuid }, closed);

export type Network = Static<typeof Network>;
