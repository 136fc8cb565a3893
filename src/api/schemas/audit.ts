import { type Static, Type } from 'typebox';
import { closed, Nullable, named, Timestamp, Uuid } from './common.ts';

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
      requestId: Uuid,
      override: Nullable(Type.String({ description: 'What was overridden by force.' })),
    },
    closed,
  ),
);

export type AuditEntry = Static<typeof AuditEntry>;
