import { describe, expect, it } from 'vitest';
import { KVM_MP_STATE_RUNNABLE, KVM_MP_STATE_STOPPED } from '../../../src/kvm/abi.ts';
import { PC, x } from '../../../src/kvm/registers.ts';
import { GuestMemory } from '../../../src/machine/devices/guest-memory.ts';
import { RAM_BASE } from '../../../src/machine/layout.ts';
import { answerSuspend } from '../../../src/machine/system-suspend.ts';

const memory = new GuestMemory(RAM_BASE, 0, new ArrayBuffer(8192));
const ENTRY = BigInt(RAM_BASE) + 4096n;
const CONTEXT = 0xfeed_f00d_1234_5678n;

/** Notes what is done to a vCPU. */
function vcpu(mpState: number) {
  const done: unknown[] = [];
  return {
    done,
    mpState,
    reset: () => void done.push('reset'),
    setRegister: (id: bigint, value: bigint) => void done.push([id, value]),
  };
}

function answer(states: readonly number[], caller: number, entry = ENTRY) {
  const vcpus = states.map(vcpu);
  const granted = answerSuspend(vcpus, memory, { vcpu: caller, x1: entry, x2: CONTEXT });
  return { granted, done: vcpus.map(({ done }) => done) };
}

describe('SYSTEM_SUSPEND', () => {
  it('leaves its caller as after CPU_ON, when all others are off', () => {
    expect(answer([KVM_MP_STATE_STOPPED, KVM_MP_STATE_RUNNABLE], 1)).toEqual({
      granted: true,
      done: [[], ['reset', [PC, ENTRY], [x(0), CONTEXT]]],
    });
    expect(answer([KVM_MP_STATE_RUNNABLE], 0).granted).toBe(true);
  });

  it('is refused while another vCPU is on, with DENIED', () => {
    expect(answer([KVM_MP_STATE_RUNNABLE, KVM_MP_STATE_RUNNABLE, KVM_MP_STATE_STOPPED], 0)).toEqual({
      granted: false,
      done: [[[x(0), 0xffff_ffff_ffff_fffdn]], [], []],
    });
  });

  it.each([0n, BigInt(RAM_BASE) + 8190n, 2n ** 64n - 4n])(
    'is refused with an entry point that is no memory (%d), with INVALID_ADDRESS',
    (entry) => {
      expect(answer([KVM_MP_STATE_RUNNABLE], 0, entry)).toEqual({
        granted: false,
        done: [[[x(0), 0xffff_ffff_ffff_fff7n]]],
      });
    },
  );
});
