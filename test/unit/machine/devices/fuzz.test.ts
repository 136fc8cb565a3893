/**
 * A few rounds of the fuzzer of test/fuzz, with the same seeds each time. HOLDFAST_FUZZ_SEED and HOLDFAST_FUZZ_ROUNDS
 * choose others; `node test/fuzz/main.ts` is for long runs.
 */
import { describe, expect, it } from 'vitest';
import { fuzzRound, names } from '../../../fuzz/round.ts';

const seed = Number(process.env.HOLDFAST_FUZZ_SEED ?? 1);
const rounds = Number(process.env.HOLDFAST_FUZZ_ROUNDS ?? 30);

function fuzz(device?: string): void {
  for (let i = 0; i < rounds; i++) {
    try {
      fuzzRound(seed + i, device);
    } catch (error) {
      const only = device === undefined ? '' : ` --device ${device}`;
      const repeat = `node test/fuzz/main.ts --seed ${seed + i} --rounds 1${only}`;
      throw new Error(`Seed ${seed + i} fails; repeat it: ${repeat}`, { cause: error });
    }
  }
}

describe('a guest of nonsense', () => {
  it('is one for each kind of device', () => {
    expect(names()).toEqual([
      'uart',
      'pl031',
      'pl061',
      'virtio-input',
      'virtio-block',
      'virtio-rng',
      'virtio-net',
      'virtio-vsock',
    ]);
  });

  it.each(names())('breaks %s at most, until it is reset', (device) => fuzz(device));

  it('breaks no device that it leaves alone', () => fuzz());
});
