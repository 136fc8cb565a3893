/** What the thread that made the machine and a vCPU's thread send each other. */
import type { VcpuHandle } from '../kvm/vcpu.ts';
import type { DeviceSpec } from './devices/device.ts';
import type { GuestMemorySpec } from './devices/guest-memory.ts';
import type { SystemEvent } from './types.ts';

/** SIGRTMIN+6 of glibc: a signal that nobody else uses. Blocked in vCPU threads outside of KVM_RUN. */
export const KICK_SIGNAL = 40;

/** Posted once the machine is made. */
export interface VcpuAttachment {
  readonly vcpu: VcpuHandle;
  readonly vmFd: number;
  readonly memory: GuestMemorySpec;
  readonly lock: SharedArrayBuffer;
  readonly devices: readonly DeviceSpec[];
  readonly countedEventData: boolean;
}

/** What a thread is told: its vCPU, and which of the machine's vCPUs it is. */
export interface VcpuThreadData extends VcpuAttachment {
  readonly index: number;
  readonly control: SharedArrayBuffer;
}

/** What the thread reports; the machine has halted by then, or sleeps. */
export type VcpuReport =
  | { readonly kind: 'event'; readonly event: SystemEvent }
  | { readonly kind: 'failed'; readonly error: Error };
