/** Refusals by the API, and answers that never came. */
import { ProblemError } from '../../client/client.ts';

export class NoAnswerError extends Error {
  constructor(cause: unknown) {
    super('The API did not answer. Check that it runs and that this machine reaches it.', { cause });
    this.name = 'NoAnswerError';
  }
}

/** Signing in through an issuer went wrong; the message is for people. */
export class SignInError extends Error {
  /** Whether the same may well succeed in a moment. */
  readonly passing: boolean;

  constructor(message: string, { cause, passing = false }: { cause?: unknown; passing?: boolean } = {}) {
    super(message, { cause });
    this.name = 'SignInError';
    this.passing = passing;
  }
}

/** The status of a refusal; null for every other error. */
export function statusOf(error: unknown): number | null {
  return error instanceof ProblemError ? error.problem.status : null;
}

/** Whether the same request may well succeed in a moment. */
export function isPassing(error: unknown): boolean {
  if (error instanceof SignInError) return error.passing;
  return error instanceof NoAnswerError || (statusOf(error) ?? 0) >= 500;
}

/** What to tell a person. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.detail;
  return error instanceof Error ? error.message : String(error);
}
