/** A request's buffers taken as one sequence of bytes. */

export function byteCount(buffers: readonly Uint8Array[]): number {
  return buffers.reduce((sum, buffer) => sum + buffer.length, 0);
}

/** Fills `target` from the first bytes of `source`, as far as they go. */
export function gather(target: Uint8Array, source: readonly Uint8Array[]): void {
  let at = 0;
  for (const buffer of source) {
    const part = buffer.subarray(0, target.length - at);
    target.set(part, at);
    at += part.length;
  }
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

/** The bytes from `from` up to `to`, as views. */
export function slice(buffers: readonly Uint8Array[], from: number, to: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const buffer of buffers) {
    const part = buffer.subarray(Math.max(0, from - at), Math.max(0, Math.min(buffer.length, to - at)));
    if (part.length > 0) parts.push(part);
    at += buffer.length;
  }
  return parts;
}
