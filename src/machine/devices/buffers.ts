/** A request's buffers taken as one sequence of bytes. */

export function byteCount(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}

/** Writes `source` to the first bytes of `target`, as far as they go. */
export function scatter(source: Uint8Array, target: readonly Uint8Array[]): void {
  let at = 0;
  for (const buffer of target) {
    const part = source.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
  }
}
