import { describe, expect, it } from 'vitest';
import * as ioctls from '../../../src/kvm/ioctls.ts';

describe('request numbers', () => {
  // As strace and the kernel's documentation print them.
  it.each([
    [ioctls.KVM_GET_API_VERSION, 0xae00],
    [ioctls.KVM_CREATE_VM, 0xae01],
    [ioctls.KVM_CHECK_EXTENSION, 0xae03],
    [ioctls.KVM_GET_VCPU_MMAP_SIZE, 0xae04],
    [ioctls.KVM_CREATE_VCPU, 0xae41],
    [ioctls.KVM_RUN, 0xae80],
    [ioctls.KVM_SET_USER_MEMORY_REGION, 0x4020ae46],
    [ioctls.KVM_IRQ_LINE, 0x4008ae61],
    [ioctls.KVM_IRQFD, 0x4020ae76],
    [ioctls.KVM_IOEVENTFD, 0x4040ae79],
    [ioctls.KVM_SET_SIGNAL_MASK, 0x4004ae8b],
    [ioctls.KVM_GET_MP_STATE, 0x8004ae98],
    [ioctls.KVM_SET_MP_STATE, 0x4004ae99],
    [ioctls.KVM_GET_VCPU_EVENTS, 0x8040ae9f],
    [ioctls.KVM_SET_VCPU_EVENTS, 0x4040aea0],
    [ioctls.KVM_GET_REG_LIST, 0xc008aeb0],
    [ioctls.KVM_GET_DEVICE_ATTR, 0x4018aee2],
    [ioctls.KVM_GET_ONE_REG, 0x4010aeab],
    [ioctls.KVM_SET_ONE_REG, 0x4010aeac],
    [ioctls.KVM_ARM_VCPU_INIT, 0x4020aeae],
    [ioctls.KVM_ARM_PREFERRED_TARGET, 0x8020aeaf],
    [ioctls.KVM_CREATE_DEVICE, 0xc00caee0],
    [ioctls.KVM_ENABLE_CAP, 0x4068aea3],
    [ioctls.KVM_SET_DEVICE_ATTR, 0x4018aee1],
  ])('%o', ({ number }, expected) => {
    expect(number).toBe(expected);
  });

  it('stay positive when the kernel both reads and writes', () => {
    expect(ioctls.ioctlNumber('both', 0xb0, 8)).toBe(0xc008aeb0);
  });
});
