/** ETags from a resource's revision, and If-Match (RFC 9110, sections 8.8.3 and 13.1.1). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../control/refusals.ts';

/** Of a resource's revision or, where it never changes otherwise, of its name or state. */
export function etag(tag: number | string): string {
  return `"${tag}"`;
}

/** Sends one resource with its ETag. */
export function sendResource<T>(reply: FastifyReply, revision: number, body: T): T {
  reply.header('etag', etag(revision));
  return body;
}

/**
 * Throws PRECONDITION_FAILED when the caller's If-Match does not name `tag`, the resource's present ETag. Call it where
 * nobody else can change the resource any more: under the lock of its row.
 */
export function checkIfMatch(request: FastifyRequest, tag: string): void {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return;
  // A weak tag never matches: If-Match compares strongly.
  if (header.split(',').some((given) => given.trim() === tag)) return;
  throw new Refusal(
    'PRECONDITION_FAILED',
    `If-Match names ${header}, the resource is at ${tag}: read it again and decide anew.`,
  );
}

/** The same as a check that functions of control/ call with the revision they have locked. */
export function ifMatch(request: FastifyRequest): (revision: number) => void {
  return (revision) => checkIfMatch(request, etag(revision));
}

/** The same where a change without If-Match is not taken. Throws PRECONDITION_REQUIRED. */
export function requireIfMatch(request: FastifyRequest): (revision: number) => void {
  if (request.headers['if-match'] === undefined) {
    throw new Refusal(
      'PRECONDITION_REQUIRED',
      "Read the resource, decide, and send its ETag as If-Match, so that nobody else's change is overwritten unseen.",
    );
  }
  return ifMatch(request);
}
