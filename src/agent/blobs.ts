/**
 * Images' files, fetched by digest and kept. A blob is under its name only when every byte of it was hashed and synced;
 * until then it is `<hex>.part`, from where a broken download goes on. What lies there is hashed again when this agent
 * first uses it and whenever it looks changed: one that is damaged is fetched anew.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { syncDirectory } from '../worker/files.ts';
import { type ApiClient, ApiError, type BlobBody } from './client.ts';
import { DISK_FULL, orDiskFull, StartError } from './start-error.ts';
import type { Store } from './store.ts';

export class Blobs {
  readonly #store: Store;
  readonly #client: Pick<ApiClient, 'blob'>;
  readonly #signal: AbortSignal;
  readonly #underWay = new Map<string, Promise<string>>();
  /** How a blob looked when its bytes were last known to be right, by path. */
  readonly #sound = new Map<string, string>();

  /** `signal` ends every download; a part stays for the next time. */
  constructor(store: Store, client: Pick<ApiClient, 'blob'>, signal: AbortSignal) {
    this.#store = store;
    this.#client = client;
    this.#signal = signal;
  }

  /**
   * The path of a blob on this host, fetched first when it is not there; many callers share one download.
   * @throws StartError BLOB_NOT_FOUND, IMAGE_CORRUPT, DISK_FULL; ApiError when the API cannot be reached.
   */
  async ensure(digest: string): Promise<string> {
    const path = this.#store.blobPath(digest);
    if (this.#looksSound(path)) return path;
    let download = this.#underWay.get(digest);
    if (download === undefined) {
      download = this.#obtain(digest, path).finally(() => this.#underWay.delete(digest));
      this.#underWay.set(digest, download);
    }
    return await download;
  }

  async #obtain(digest: string, path: string): Promise<string> {
    if (!(await this.#isSound(digest, path))) await this.#download(digest, path);
    const look = lookOf(path);
    if (look !== null) this.#sound.set(path, look);
    return path;
  }

  #looksSound(path: string): boolean {
    const look = lookOf(path);
    return look !== null && this.#sound.get(path) === look;
  }

  /** Whether the blob is there with the right bytes; one with others is removed. */
  async #isSound(digest: string, path: string): Promise<boolean> {
    if (!existsSync(path)) return false;
    const hash = createHash('sha256');
    await hashFile(path, hash);
    return await matches(hash, digest, path);
  }

  async #download(digest: string, path: string): Promise<void> {
    const partial = `${path}.part`;
    // A part from an earlier attempt can be wrong in itself; what was fetched from its first byte cannot be.
    if (!(await this.#attempt(digest, partial)) && !(await this.#attempt(digest, partial))) {
      throw new StartError('IMAGE_CORRUPT', `what the API sends for ${digest} does not have that digest`);
    }
    await rename(partial, path);
    syncDirectory(this.#store.blobsDir);
  }

  /** @returns whether the bytes are those of the digest; if not, they are gone. */
  async #attempt(digest: string, partial: string): Promise<boolean> {
    const file = await open(partial, 'a', 0o600);
    const hash = createHash('sha256');
    try {
      const { size } = await file.stat();
      if (size > 0) await hashFile(partial, hash);
      const body = await this.#ask(digest, size);
      if (body === null) return await matches(hash, digest, partial);
      if (body.start === 0 && size > 0) {
        await file.truncate(0);
        return await this.#receive(file, body, createHash('sha256'), digest, partial);
      }
      return await this.#receive(file, body, hash, digest, partial);
    } catch (error) {
      const reason = orDiskFull(error, `the image file ${digest}`);
      // The start is given up, and guests' journals and disks need the room sooner than another start would.
      if (reason instanceof StartError && reason.code === DISK_FULL) await rm(partial, { force: true });
      throw reason;
    } finally {
      await file.close();
    }
  }

  /** @returns null when there is nothing after `offset`. */
  async #ask(digest: string, offset: number): Promise<BlobBody | null> {
    try {
      return await this.#client.blob(digest, offset, this.#signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 416 && offset > 0) return null;
      if (error instanceof ApiError && error.status === 404) {
        throw new StartError('BLOB_NOT_FOUND', `the API has no blob ${digest}: upload it and start again`);
      }
      throw error;
    }
  }

  async #receive(
    file: FileHandle,
    body: BlobBody,
    hash: Hash,
    digest: string,
    partial: string,
  ): Promise<boolean> {
    for await (const chunk of body.chunks) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    return await matches(hash, digest, partial);
  }
}

/** What changes with a file's bytes, or null when there is none. */
function lookOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? null : `${found.ino} ${found.size} ${found.mtimeNs}`;
}

async function matches(hash: Hash, digest: string, partial: string): Promise<boolean> {
  if (`sha256:${hash.digest('hex')}` === digest) return true;
  await rm(partial, { force: true });
  return false;
}

async function hashFile(path: string, hash: Hash): Promise<void> {
  for await (const chunk of createReadStream(path)) hash.update(chunk);
}
