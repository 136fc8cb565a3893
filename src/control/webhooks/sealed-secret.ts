/**
 * Secrets that the API has to know again, as the database holds them: sealed with a key of the configuration, or as they
 * are where there is none.
 *
 *   sealed:<key>:<base64 of nonce (12 bytes), tag (16), text>      AES-256-GCM, bound to the row by its id
 *
 * The first key seals, each of them opens: a key is changed by putting the new one behind the old on every replica, then
 * before it, and by taking the old one away once nothing is sealed with it any more.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const PREFIX = 'sealed:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The secret cannot be had; the message says what to configure. */
export class SealedSecretError extends Error {
  override readonly name = 'SealedSecretError';
}

/** What a key is called where something is sealed with it; tells nothing of the key. `key`: 32 bytes in base64. */
export function keyName(key: string): string {
  return createHash('sha256').update('holdfast secret key ').update(bytesOf(key)).digest('hex').slice(0, 8);
}

/** As it is to be stored in the row `id`. */
export function seal(secret: string, id: string, keys: readonly string[]): string {
  const [key] = keys;
  if (key === undefined) return secret;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', bytesOf(key), nonce).setAAD(Buffer.from(id));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  const sealed = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
  return `${PREFIX}${keyName(key)}:${sealed}`;
}

/** The secret that the row `id` holds. @throws SealedSecretError */
export function unseal(stored: string, id: string, keys: readonly string[]): string {
  if (!stored.startsWith(PREFIX)) return stored;
  const [name = '', sealed = ''] = stored.slice(PREFIX.length).split(':');
  const key = keys.find((candidate) => keyName(candidate) === name);
  if (key === undefined) {
    throw new SealedSecretError(
      `The secret is sealed with the key ${name}, which is not in HOLDFAST_SECRET_KEYS of this replica: add it there, ` +
        'or rotate the secret.',
    );
  }
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', bytesOf(key), bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new SealedSecretError('The stored secret was changed or is another row’s: rotate it.', { cause });
  }
}

/** Whether it is stored as `seal` would store it now; without a key, whatever is stored stays. */
export function isSealedNow(stored: string, keys: readonly string[]): boolean {
  const [key] = keys;
  return key === undefined || stored.startsWith(`${PREFIX}${keyName(key)}:`);
}

function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'base64');
}
