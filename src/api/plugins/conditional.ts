/** ETags from a resource's revision, and If-Match (RFC 9110, sections 8.8.3 and 13.1.1). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../control/refusals.ts';

export function etag(revision: number): string {
  return `"${revision}"`;
}

/** The ETag of what never changes: its own name says all. */
export function etagOf(name: string): string {
  return `"${name}"`;
}

/** Sends one resource with its ETag. */
export function sendResource<T>(reply: FastifyReply, revision: number, body: T): T {
  reply.header('etag', etag(revision));
  return body;
}

/**
 * The revision that the caller's If-Match demands, or null when it demands none. Throws PRECONDITION_FAILED at once
 * when it does not hold for `revision`; repeat the condition in the UPDATE's WHERE, for the row may change in between.
 */
export function checkIfMatch(request: FastifyRequest, revision: number): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return null;
  const tags = header.split(',').map((tag) => tag.trim());
  // A weak tag never matches: If-Match compares strongly.
  if (tags.includes(etag(revision))) return revision;
  throw new Refusal(
    'PRECONDITION_FAILED',
    `If-Match names ${header}, the resource is at ${etag(revision)}: read it again and decide anew.`,
  );
}
