import { type Static, Type } from 'typebox';
import { AUDIT_OUTCOMES } from '../../control/identity/audit.ts';
import { TEXT_PATTERN } from '../../wire/text.ts';
import { closed, Nullable, named, PageQuery, Timestamp, Uuid } from './common.ts';

const Row = Nullable(
  Type.Record(Type.String(), Type.Unknown(), {
    description: 'By field of what is stored, without secrets; of a change, those that changed.',
  }),
);

export const AuditEntry = named(
  'AuditEntry',
  Type.Object(
    {
      id: Uuid,
      at: Timestamp,
      actor: Type.String({ description: "The token's name and, in brackets, its id." }),
      address: Type.String(),
      method: Type.String(),
      path: Type.String(),
      status: Nullable(Type.Integer({ description: 'Null while the answer is not known.' })),
      code: Nullable(Type.String({ description: 'Of the refusal, where it was refused.' })),
      requestId: Uuid,
      override: Nullable(Type.String({ description: 'What was overridden by force.' })),
      changes: Type.Array(
        Type.Object(
          {
            resource: Type.String({ description: 'What kind of resource: vm, host, token…' }),
            resourceId: Type.String(),
            before: Row,
            after: Row,
          },
          closed,
        ),
        {
          description:
            'What the request changed, in order; `before` is null for what it made, `after` for what it removed. Work ' +
            'that it began goes on later and is told by the operation and the events.',
        },
      ),
    },
    closed,
  ),
);

export const AuditQuery = Type.Object(
  {
    ...PageQuery,
    actor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: TEXT_PATTERN,
        description: "Part of the actor's name, or its id.",
      }),
    ),
    method: Type.Optional(Type.Enum(['POST', 'PUT', 'PATCH', 'DELETE'])),
    outcome: Type.Optional(
      Type.Enum(AUDIT_OUTCOMES, { description: '`unknown`: the process ended before it answered.' }),
    ),
    resourceId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: '^[A-Za-z0-9:-]+$',
        description: 'The id of what was changed, or was to be.',
      }),
    ),
    since: Type.Optional(Timestamp),
    until: Type.Optional(Timestamp),
  },
  closed,
);

export type AuditEntry = Static<typeof AuditEntry>;
