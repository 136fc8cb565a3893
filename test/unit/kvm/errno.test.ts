import { describe, expect, it } from 'vitest';
import { check, EINVAL, errnoName, KvmError } from '../../../src/kvm/errno.ts';

describe('errno', () => {
  it('has names, and numbers where it has none', () => {
    expect(errnoName(22)).toBe('EINVAL');
    expect(errnoName(524)).toBe('errno 524');
  });

  it('becomes an error that names call and cause, and says what to do', () => {
    const error = new KvmError('KVM_CREATE_VM', EINVAL, 'Use another host.');
    expect(error).toMatchObject({ call: 'KVM_CREATE_VM', errno: 'EINVAL', number: 22 });
    expect(error.message).toBe('KVM_CREATE_VM failed with EINVAL. Use another host.');
  });

  it('passes results on and throws failures', () => {
    expect(check(7, 'call')).toBe(7);
    expect(() => check(-EINVAL, 'call')).toThrow(KvmError);
  });
});
