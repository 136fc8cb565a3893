/**
 * Tells at the end of a run which tests passed at their second try only, and of what the first one died: a run that
 * is green for a second try is not to look as if nothing had happened.
 */
import type { Reporter, TestCase } from 'vitest/node';

export default class SecondTries implements Reporter {
  readonly #told: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return;
    const reasons = (test.result().errors ?? []).map(
      ({ message }) => `    ${message.replaceAll('\n', '\n    ')}`,
    );
    this.#told.push([`  ${test.module.relativeModuleId} > ${test.fullName}`, ...reasons].join('\n'));
  }

  onTestRunEnd(): void {
    if (this.#told.length === 0) return;
    process.stderr.write(`Passed at the second try only:\n${this.#told.join('\n')}\n`);
  }
}
