import { type Static, Type } from 'typebox';
import { Labels } from '../../wire/agent.ts';
import { closed, Nullable, named, Timestamp, Uuid } from './common.ts';

export const NewEnrolmentToken = Type.Object(
  {
    labels: Type.Optional({
      ...Labels,
      default: {},
      description: "The host's, over those that its agent brings.",
    }),
    hostId: Type.Optional(
      Nullable({
        ...Uuid,
        description:
          'A host that is to get another credential, because its own was revoked or lost; else a new host enrols.',
      }),
    ),
    expiresInSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 604_800, default: 3_600, description: 'One hour unless said.' }),
    ),
  },
  closed,
);

export const CreatedEnrolmentToken = named(
  'CreatedEnrolmentToken',
  Type.Object(
    {
      id: Uuid,
      labels: Labels,
      hostId: Nullable(Uuid),
      createdAt: Timestamp,
      expiresAt: Timestamp,
      token: Type.String({
        description: 'The secret. It is shown this once, and one host can enrol with it.',
      }),
    },
    closed,
  ),
);

export type CreatedEnrolmentToken = Static<typeof CreatedEnrolmentToken>;
