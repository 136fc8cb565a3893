import { type Static, Type } from 'typebox';
import { ROLES } from '../../control/tokens.ts';
import { TEXT_PATTERN } from '../../wire/text.ts';
import { closed, Nullable, named, Timestamp, Uuid } from './common.ts';

const Role = Type.Enum(ROLES, { description: 'Each may do what the ones before it may.' });

const fields = {
  id: Uuid,
  name: Type.String(),
  role: Role,
  createdAt: Timestamp,
  expiresAt: Nullable(Timestamp),
  lastUsedAt: Nullable(Timestamp),
};

export const Token = named('Token', Type.Object(fields, closed));
export const CreatedToken = named(
  'CreatedToken',
  Type.Object(
    { ...fields, token: Type.String({ description: 'The secret. It is shown this once.' }) },
    closed,
  ),
);
export const NewToken = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: TEXT_PATTERN }),
    role: Role,
    expiresAt: Type.Optional(Nullable(Timestamp)),
  },
  closed,
);

export type Token = Static<typeof Token>;
