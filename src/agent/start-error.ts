/** A start that cannot succeed on this host as things are; reported as the failure of its operation. */
export class StartError extends Error {
  override readonly name = 'StartError';
  /** SCREAMING_SNAKE, as the operation shows it. */
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export const DISK_FULL = 'DISK_FULL';

/** A full disk as a StartError; every other error as it is. */
export function orDiskFull(error: unknown, what: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new StartError(
    DISK_FULL,
    `the host's disk has no room for ${what}: free some space and start again`,
  );
}
