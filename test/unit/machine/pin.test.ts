/**
 * What the pin does with KVM's answers. Real answers are seen in test/lab; one of them, a KVM that takes a version and
 * then says another, does not exist to be tested with.
 */
import { describe, expect, it } from 'vitest';
import { EINVAL, ENOENT, KvmError } from '../../../src/kvm/errno.ts';
import { PSCI_VERSION } from '../../../src/kvm/registers.ts';
import { assertPinnable, pinPsci } from '../../../src/machine/pin.ts';

function host(answer: { readonly set: number; readonly get: bigint }) {
  const calls: string[] = [];
  const vm = { lockFirmware: () => void calls.push('lock') };
  const vcpu = {
    setFirmwareRegister: (id: bigint, value: bigint) => {
      expect(id).toBe(PSCI_VERSION);
      calls.push(`set 0x${value.toString(16)}`);
      return answer.set;
    },
    getRegister: () => {
      calls.push('get');
      return answer.get;
    },
  };
  return { vm, vcpu, calls };
}

describe('the pin', () => {
  it('is set, read back and locked, in this order', () => {
    const { vm, vcpu, calls } = host({ set: 0, get: 0x1_0001n });
    expect(pinPsci(vm, vcpu, '1.1')).toBe('1.1');
    expect(calls).toEqual(['set 0x10001', 'get', 'lock']);
  });

  it('is refused when KVM does not take the version', () => {
    const { vm, vcpu } = host({ set: -EINVAL, get: 0x1_0000n });
    expect(() => pinPsci(vm, vcpu, '1.3')).toThrow(
      expect.objectContaining({ code: 'PSCI_VERSION_NOT_SUPPORTED' }),
    );
  });

  it('is refused when KVM has no register for it', () => {
    const { vm, vcpu } = host({ set: -ENOENT, get: 0n });
    expect(() => pinPsci(vm, vcpu, '1.0')).toThrow(
      expect.objectContaining({ code: 'PSCI_VERSION_NOT_SUPPORTED' }),
    );
  });

  it('is refused when KVM says another version afterwards', () => {
    const { vm, vcpu } = host({ set: 0, get: 0x1_0003n });
    const refusal = expect.objectContaining({
      code: 'PSCI_MISMATCH',
      message: expect.stringContaining('1.3'),
    });
    expect(() => pinPsci(vm, vcpu, '1.1')).toThrow(refusal);
  });

  it('passes any other failure on', () => {
    const { vm, vcpu } = host({ set: -5, get: 0n });
    expect(() => pinPsci(vm, vcpu, '1.1')).toThrow(KvmError);
  });

  it('cannot be 0.1, which has no register value', () => {
    expect(() => assertPinnable('0.1')).toThrow(
      expect.objectContaining({ code: 'PSCI_VERSION_NOT_SUPPORTED' }),
    );
    assertPinnable('0.2');
  });
});
