/**
 * Blobs: bytes under their SHA-256, in Postgres as pieces of 1 MiB.
 *
 * Every piece is a transaction of its own. One transaction around an upload would be simpler, but readers of `events`
 * see nothing newer than the oldest transaction that still runs, and an upload may take minutes.
 */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Control } from '../control.ts';
import { transactRaw } from '../database/transact.ts';
import type { Blob } from '../prisma/client.ts';
import { Refusal } from '../refusals.ts';

export const DIGEST_PATTERN = '^sha256:[0-9a-f]{64}$';
export const CHUNK_BYTES = 1024 * 1024;
const LARGEST_BLOB_BYTES = 2 * 1024 * 1024 * 1024;
const ABANDONED_AFTER = '1 hour';

export async function findBlob(control: Control, digest: string): Promise<Blob | null> {
  return control.db.blob.findUnique({ where: { digest } });
}

export async function getBlob(control: Control, digest: string): Promise<Blob> {
  const blob = await findBlob(control, digest);
  if (blob === null)
    throw new Refusal(
      'BLOB_NOT_FOUND',
      `There is no blob ${digest}. Upload it with PUT /v1/blobs/${digest} first.`,
    );
  return blob;
}

export interface StoreOptions {
  readonly mostBytes?: number;
  /** What is to be true together with the blob: done in the transaction that makes it visible. */
  readonly settle?: (client: pg.PoolClient) => Promise<void>;
}

/**
 * Stores `source` under `digest` if that is what it is. Bytes that are there already are checked and not stored again.
 * When it throws (DIGEST_MISMATCH, BODY_TOO_LARGE, or the source's or `settle`'s own error), nothing is stored.
 */
export async function storeBlob(
  control: Control,
  digest: string,
  source: AsyncIterable<Uint8Array>,
  { mostBytes = LARGEST_BLOB_BYTES, settle = () => Promise.resolve() }: StoreOptions = {},
): Promise<{ blob: Blob; created: boolean }> {
  const existing = await findBlob(control, digest);
  const upload = existing === null ? await Upload.begin(control) : null;
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const bytes of source) {
      sizeBytes += bytes.length;
      if (sizeBytes > mostBytes) {
        throw new Refusal('BODY_TOO_LARGE', `A blob has at most ${mostBytes} bytes.`);
      }
      hash.update(bytes);
      await upload?.add(bytes);
    }
    const actual = `sha256:${hash.digest('hex')}`;
    if (actual !== digest) {
      throw new Refusal('DIGEST_MISMATCH', `The ${sizeBytes} bytes received have the digest ${actual}.`);
    }
    await upload?.flushed();
    await transactRaw(control, async (client) => {
      await upload?.show(client, digest, sizeBytes);
      await settle(client);
    });
    if (existing !== null) return { blob: existing, created: false };
  } catch (error) {
    await upload?.discard();
    throw error;
  }
  const blob = await getBlob(control, digest);
  const created = blob.uploadId === upload?.id;
  // Somebody else stored the same bytes meanwhile.
  if (!created) await upload?.discard();
  return { blob, created };
}

/** Its pieces are invisible until `show`; those of a process that died are swept. */
class Upload {
  readonly id: string;
  readonly #control: Control;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #index = 0;
  /** The insertion under way: the next piece is received meanwhile. */
  #insertion: Promise<void> = Promise.resolve();

  static async begin(control: Control): Promise<Upload> {
    const id = uuidv7();
    await control.pool.query('INSERT INTO blob_uploads (id) VALUES ($1)', [id]);
    return new Upload(control, id);
  }

  constructor(control: Control, id: string) {
    this.#control = control;
    this.id = id;
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      const part = rest.subarray(0, CHUNK_BYTES - this.#pendingBytes);
      rest = rest.subarray(part.length);
      this.#pending.push(part);
      this.#pendingBytes += part.length;
      if (this.#pendingBytes === CHUNK_BYTES) await this.#flush();
    }
  }

  /** Resolves once every piece is stored. */
  async flushed(): Promise<void> {
    if (this.#pendingBytes > 0) await this.#flush();
    await this.#insertion;
  }

  /** Makes the blob of the stored pieces, unless there is one. */
  async show(client: pg.PoolClient, digest: string, sizeBytes: number): Promise<void> {
    await client.query(
      'INSERT INTO blobs (digest, upload_id, size_bytes) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING',
      [digest, this.id, sizeBytes],
    );
  }

  /** Never throws: what cannot be removed now is swept later. */
  async discard(): Promise<void> {
    await this.#insertion.catch(() => undefined);
    await this.#control.pool
      .query('DELETE FROM blob_uploads WHERE id = $1', [this.id])
      .catch((error: unknown) => this.#control.log.warn({ err: error }, 'left an upload for the sweep'));
  }

  async #flush(): Promise<void> {
    const data = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#insertion;
    this.#insertion = this.#insert(this.#index++, data);
    // Awaited by the next step; until then a failure is nobody's unhandled rejection.
    this.#insertion.catch(() => undefined);
  }

  async #insert(index: number, data: Buffer): Promise<void> {
    const { rowCount } = await this.#control.pool.query({
      name: 'insert-blob-chunk',
      text: `WITH upload AS (UPDATE blob_uploads SET touched_at = now() WHERE id = $1 RETURNING id)
             INSERT INTO blob_chunks (upload_id, index, data) SELECT id, $2, $3 FROM upload`,
      values: [this.id, index, data],
    });
    if (rowCount === 0) throw new Refusal('CONFLICT', 'The upload rested for too long; send it again.');
  }
}

/**
 * The bytes of a blob from `offset` to before `end`, in pieces of at most 1 MiB. Holds no connection while the reader
 * rests. Throws BLOB_NOT_FOUND.
 */
export async function* readBlob(
  control: Control,
  digest: string,
  offset = 0,
  end = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Buffer> {
  const blob = await getBlob(control, digest);
  const stop = Math.min(end, Number(blob.sizeBytes));
  for (let at = offset; at < stop; ) {
    const index = Math.floor(at / CHUNK_BYTES);
    const { rows } = await control.pool.query<{ data: Buffer }>({
      name: 'read-blob-chunk',
      text: 'SELECT data FROM blob_chunks WHERE upload_id = $1 AND index = $2',
      values: [blob.uploadId, index],
    });
    const data = rows[0]?.data;
    if (data === undefined) throw new Error(`Blob ${digest} lacks piece ${index}`);
    const start = index * CHUNK_BYTES;
    yield data.subarray(at - start, stop - start);
    at = start + data.length;
  }
}

/** Removes what unfinished uploads left. Returns how many there were. */
export async function sweepUploads(control: Control): Promise<number> {
  return control.db.$executeRaw`
    DELETE FROM blob_uploads u WHERE touched_at < now() - ${ABANDONED_AFTER}::interval
      AND NOT EXISTS (SELECT FROM blobs b WHERE b.upload_id = u.id)`;
}
