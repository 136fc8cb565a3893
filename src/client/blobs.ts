/** Kernels and what they boot with, by their digests. */
import { problemOf } from './problem.ts';

export interface UploadOptions {
  baseUrl: string;
  token: string;
  fetch?: typeof globalThis.fetch;
}

/**
 * Uploads bytes that are not there yet. Returns their digest, by which an image names them. Holds them in memory once.
 * Throws ProblemError when they are refused.
 */
export async function uploadBlob(
  { baseUrl, token, fetch = globalThis.fetch }: UploadOptions,
  bytes: Blob,
): Promise<string> {
  const body = await bytes.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  const digest = `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const url = `${baseUrl}/v1/blobs/${digest}`;
  const headers = { authorization: `Bearer ${token}` };
  const there = await fetch(url, { method: 'HEAD', headers });
  if (there.ok) return digest;
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body,
  });
  if (!answer.ok) throw await problemOf(answer);
  await answer.body?.cancel();
  return digest;
}
