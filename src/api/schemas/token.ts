import { type Static, Type } from 'typebox';
import { ROLES } from '../../control/identity/tokens.ts';
import { Labels } from '../../wire/agent.ts';
import { TEXT_PATTERN } from '../../wire/text.ts';
import { closed, Nullable, named, Timestamp, Uuid } from './common.ts';

const Role = Type.Enum(ROLES, { description: 'Each may do what the ones before it may.' });

const SCOPE_TEXT =
  'Labels that a VM must have for the token to reach it, with its events, operations, snapshots and console; without ' +
  'any it reaches everything.';
const Scope = Type.Unsafe<Static<typeof Labels>>({ ...Labels, description: SCOPE_TEXT });

const fields = {
  id: Uuid,
  name: Type.String(),
  role: Role,
  scope: Scope,
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
    scope: Type.Optional(Scope),
    expiresAt: Type.Optional(Nullable(Timestamp)),
  },
  closed,
);

export const Whoami = named(
  'Whoami',
  Type.Object(
    {
      kind: Type.Enum(['token', 'oidc'], {
        description: 'A token of this API, or one of the OpenID Connect issuer that it trusts.',
      }),
      id: Uuid,
      name: Type.String(),
      role: Role,
      scope: Scope,
      expiresAt: Nullable(Timestamp),
    },
    closed,
  ),
);

export type Token = Static<typeof Token>;
export type Whoami = Static<typeof Whoami>;
