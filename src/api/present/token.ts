import type { Role } from '../../control/identity/tokens.ts';
import type { Labels } from '../../control/labels.ts';
import type { Token as TokenRow } from '../../control/prisma/client.ts';
import type { Token } from '../schemas/token.ts';

export function presentToken(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    scope: row.scope as Labels,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
