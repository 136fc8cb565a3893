/** Problems (RFC 9457), thrown. */
import type { components } from './schema.d.ts';

type Problem = components['schemas']['Problem'];

/** An answer that is a problem. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** What a refusal says; what a proxy in between says, where it was not the API. */
export async function problemOf(response: Response): Promise<Error> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  if (isProblem) return new ProblemError((await response.json()) as Problem);
  const text = (await response.text()).slice(0, 200);
  return new Error(`${response.url} answered ${response.status} without a problem document: ${text}`);
}
