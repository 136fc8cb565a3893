/** Ids that are made very many at a time. */
import { randomUUID } from 'node:crypto';

/**
 * A UUID of version 7 (RFC 9562, section 5.7): the time, then 74 of the random bits of a version 4, which Node makes in
 * stock. Unlike the library's, those of one millisecond have no order; it takes a tenth of the time.
 */
export function quickUuid(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
