/** What names and free text may hold, as JSON Schema patterns. */

/** Names of VMs, images, disks, NICs and hosts. They are part of URLs, logs and, for disks, file names. */
export const NAME_PATTERN = '^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$';

/** Keys of labels; a slash sets a prefix apart, as in `example.com/team`. */
export const LABEL_KEY_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$';

/**
 * Text for people, in labels, tokens' names and what hosts say of themselves: no control characters, which break lines
 * of logs and terminals, and no half of a surrogate pair, which is no Unicode. Postgres stores neither U+0000 nor the
 * latter.
 */
export const TEXT_PATTERN = '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$';

/** The same for text that is better kept than refused: what Postgres cannot store is replaced. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}
