/**
 * SYSTEM_SUSPEND (PSCI, DEN0022, section 5.19). KVM reports the call and leaves the rest to user space, with the
 * caller's registers as they were (Documentation/virt/kvm/api.rst, KVM_SYSTEM_EVENT_SUSPEND):
 *
 *     called ──▶ all vCPUs at rest ──▶ refused: the call returns an error and the guest goes on
 *                                 └──▶ granted: the caller is as after CPU_ON, at its entry point; asleep until woken
 *
 * The caller is made ready to wake at once, so that whoever saves a sleeping machine saves one that is about to wake.
 * Nothing but the host wakes it, so the kernel's own sleep (KVM_MP_STATE_SUSPENDED, which ends with an interrupt and
 * KVM_SYSTEM_EVENT_WAKEUP) has no part in it. Time goes on for the guest meanwhile, as on hardware.
 */
import { KVM_MP_STATE_STOPPED } from '../kvm/abi.ts';
import { PC, x } from '../kvm/registers.ts';
import type { Vcpu } from '../kvm/vcpu.ts';
import { RETURN_CODES } from '../psci/return-codes.ts';
import type { GuestMemory } from './devices/guest-memory.ts';
import type { SystemEvent } from './types.ts';

/** KVM_SYSTEM_EVENT_SUSPEND (include/uapi/linux/kvm.h). */
export const SYSTEM_EVENT_SUSPEND = 5;

/** Bytes of an A64 instruction. */
const INSTRUCTION = 4;

type Sleeper = Pick<Vcpu, 'mpState' | 'setRegister' | 'reset'>;

/**
 * Grants or refuses the call that `event` tells of. Every vCPU is at rest.
 * @returns whether the guest sleeps now
 * @throws KvmError
 */
export function answerSuspend(
  vcpus: readonly Sleeper[],
  memory: Pick<GuestMemory, 'contains'>,
  { vcpu: index, x1: entry, x2: context }: Pick<SystemEvent, 'vcpu' | 'x1' | 'x2'>,
): boolean {
  const caller = vcpus[index];
  if (caller === undefined) throw new RangeError(`There is no vCPU ${index}.`);
  const others = vcpus.filter((vcpu) => vcpu !== caller);
  if (others.some((vcpu) => vcpu.mpState !== KVM_MP_STATE_STOPPED)) {
    return refuse(caller, RETURN_CODES.DENIED);
  }
  if (!memory.contains(Number(entry), INSTRUCTION)) return refuse(caller, RETURN_CODES.INVALID_ADDRESS);
  caller.reset();
  caller.setRegister(PC, entry);
  caller.setRegister(x(0), context);
  return true;
}

/** The caller's program counter is behind the call already. */
function refuse(caller: Sleeper, code: number): false {
  caller.setRegister(x(0), BigInt.asUintN(64, BigInt(code)));
  return false;
}
