/**
 * Fuzzes an API of its own, for as many requests as one likes:
 *
 *     node test/contract/main.ts [--seed N] [--requests 20000]
 *
 * Prints each fault as it is found, then what was covered. A run with the same seed asks the same questions as long as
 * the answers are the same.
 */
import { parseArgs } from 'node:util';
import { describeFault, fuzz } from './fuzz.ts';
import { startFuzzedApi } from './service.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, requests: { type: 'string' } } });
const seed = number(values.seed ?? process.env.HOLDFAST_SEED, Date.now() % 2 ** 31);
const requests = number(values.requests, 20_000);

await using api = await startFuzzedApi();
const report = await fuzz(api, { seed, requests, onFault: (fault) => console.log(describeFault(fault)) });
for (const [name, { sent, succeeded }] of report.operations)
  console.log(
    `${name.padEnd(28)} ${String(sent).padStart(6)} sent ${String(succeeded).padStart(6)} succeeded`,
  );
const statuses = [...report.statuses]
  .sort(([a], [b]) => a - b)
  .map(([status, count]) => `${status}: ${count}`);
console.log(statuses.join(', '));
console.log(
  `${requests} requests from seed ${seed} in ${report.seconds.toFixed(0)} s: ${report.faults.length} faults`,
);
if (report.faults.length > 0) process.exitCode = 1;

function number(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${text} is no number of requests or seed.`);
  return value;
}
