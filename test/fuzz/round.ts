/**
 * One round of abuse, a function of its seed alone. Some of a machine's devices are abused, in any order; then no byte
 * of memory has changed that nobody named, the others work as if nothing had happened, and the abused ones work again
 * after a reset.
 */
import { strict as assert } from 'node:assert';
import { Random } from '../unit/machine/devices/random.ts';
import { Machine, TARGETS } from './targets.ts';

const ACTS = 200;
const MARK = 0x5a;

/** Names of the devices. */
export function names(): string[] {
  using machine = new Machine();
  return TARGETS.map((open) => open(machine).name);
}

/** Throws when a device is wrong. With `only`, just that one is abused. */
export function fuzzRound(seed: number, only?: string): void {
  const random = new Random(seed);
  using machine = new Machine();
  const targets = TARGETS.map((open) => open(machine));
  for (const target of targets) {
    target.revive();
    target.check();
  }
  const forbidden = machine.forbidden.fill(MARK);
  const victims = targets.filter(({ name }) => (only === undefined ? random.once(2) : name === only));
  for (let i = 0; i < ACTS && victims.length > 0; i++) victims[random.below(victims.length)]?.abuse(random);
  assert.ok(
    forbidden.every((byte) => byte === MARK),
    'memory has changed that nobody named',
  );
  for (const target of targets.filter((each) => !victims.includes(each)))
    told(target.name, () => target.check());
  for (const target of victims) {
    told(target.name, () => {
      target.revive();
      target.check();
    });
  }
}

/** Says which device it was. */
function told(name: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${name} does not work: ${(error as Error).message}`, { cause: error });
  }
}
