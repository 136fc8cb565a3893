/** How a command ends: the exit codes that scripts can rely on. */

export const EXIT = {
  done: 0,
  /** The API refused, or an operation failed. */
  refused: 1,
  usage: 2,
  notFound: 3,
  /** No token, an unknown one, or one that may not do this. */
  notAllowed: 4,
  /** No API there, or it cannot answer now. */
  unavailable: 5,
  /** `--wait` took longer than it may. */
  timeout: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a message for people. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

export function usageError(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
