/** Seals secrets that were stored before there was a key, or with one that is to go (sealed-secret.ts). */
import type { Control } from '../control.ts';
import { isSealedNow, SealedSecretError, seal, unseal } from './sealed-secret.ts';

interface Row {
  id: string;
  secret: string;
  /** Null also where it does not sign any more. */
  previous: string | null;
}

/** Returns how many webhooks' secrets were sealed anew. What changes meanwhile is left for the next time. */
export async function resealSecrets(control: Control): Promise<number> {
  const keys = control.settings.secretKeys;
  if (keys.length === 0) return 0;
  const { rows } = await control.pool.query<Row>(
    `SELECT id, secret, CASE WHEN previous_secret_expires > now() THEN previous_secret END AS previous FROM webhooks`,
  );
  let sealed = 0;
  for (const row of rows) {
    const stored = [row.secret, row.previous].filter((secret) => secret !== null);
    if (stored.every((secret) => isSealedNow(secret, keys))) continue;
    sealed += await reseal(control, row, keys);
  }
  return sealed;
}

async function reseal(
  control: Control,
  { id, secret, previous }: Row,
  keys: readonly string[],
): Promise<number> {
  const again = (stored: string) => seal(unseal(stored, id, keys), id, keys);
  try {
    const { rowCount } = await control.pool.query(
      `UPDATE webhooks SET secret = $3, previous_secret = $4 WHERE id = $1 AND secret = $2`,
      [id, secret, again(secret), previous === null ? null : again(previous)],
    );
    return rowCount ?? 0;
  } catch (error) {
    if (!(error instanceof SealedSecretError)) throw error;
    control.log.warn({ webhookId: id, reason: error.message }, 'cannot seal a webhook’s secret anew');
    return 0;
  }
}
