/**
 * Fuzzes every device of a machine, for as long as one likes:
 *
 *     node test/fuzz/main.ts [--seed N] [--rounds M] [--device NAME]
 *
 * Round i has the seed N + i and depends on nothing else, so a failing one is repeated by its own seed. Without a seed
 * it takes one from the clock and prints it.
 */
import { parseArgs } from 'node:util';
import { fuzzRound, names } from './round.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, rounds: { type: 'string' }, device: { type: 'string' } },
});
const seed = number(values.seed, Date.now() % 2 ** 31);
const rounds = number(values.rounds, 1000);
const { device } = values;
if (device !== undefined && !names().includes(device))
  throw new Error(`There is no device ${device}: choose one of ${names().join(', ')}.`);

const started = performance.now();
for (let i = 0; i < rounds; i++) {
  try {
    fuzzRound(seed + i, device);
  } catch (error) {
    const only = device === undefined ? '' : ` --device ${device}`;
    console.error(error);
    console.error(`Repeat it: node test/fuzz/main.ts --seed ${seed + i} --rounds 1${only}`);
    process.exit(1);
  }
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${rounds} rounds from seed ${seed} in ${seconds} s: nothing found`);

function number(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${text} is no number of rounds or seed.`);
  return value;
}
