/**
 * What KVM_EXIT_SYSTEM_EVENT says a guest asked for, and what can be known of hibernation when a guest goes off.
 *
 * Sources: Documentation/virt/kvm/api.rst, KVM_EXIT_SYSTEM_EVENT; include/uapi/linux/kvm.h, KVM_SYSTEM_EVENT_*;
 * arch/arm64/include/uapi/asm/kvm.h, KVM_SYSTEM_EVENT_{RESET,SHUTDOWN}_FLAG_PSCI_*.
 */
import type { PsciFunctionName } from './functions.ts';
import { detectsHibernation, type PsciVersion } from './versions.ts';

/** KVM_SYSTEM_EVENT_*. */
const SHUTDOWN = 1;
const RESET = 2;
const CRASH = 3;
const SUSPEND = 5;
/** KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 of a RESET, KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2 of a SHUTDOWN. */
const FLAG_SECOND_CALL = 1n;

/** The exit as the vCPU thread saw it. */
export interface KvmExit {
  readonly type: number;
  /** The valid words; the first holds the flags. */
  readonly data: readonly bigint[];
  /** The caller's x1 and x2. */
  readonly x1: bigint;
  readonly x2: bigint;
}

export interface DecodedSystemEvent {
  readonly kind: 'poweroff' | 'hibernate' | 'reset' | 'suspend' | 'crash';
  /** Null when no PSCI call is behind it. */
  readonly psci: {
    readonly version: PsciVersion;
    readonly function: PsciFunctionName;
    /** x1 and x2 of the calls that take a type and a cookie; null for others and where JSON cannot hold the number. */
    readonly type: number | null;
    readonly cookie: number | null;
  } | null;
  /** The event as KVM gave it, data as hexadecimal words. */
  readonly kvm: { readonly type: number; readonly data: string[] };
}

/**
 * Decodes an exit under the pin in force. Null for a type that no call of a guest on arm64 makes (WAKEUP is the answer
 * to a suspend that a VMM asked for; others belong to other architectures): such an exit is a fault of the machine.
 */
export function decodeSystemEvent(exit: KvmExit, pin: PsciVersion): DecodedSystemEvent | null {
  const kvm = { type: exit.type, data: exit.data.map((word) => `0x${word.toString(16)}`) };
  const flagged = ((exit.data[0] ?? 0n) & FLAG_SECOND_CALL) !== 0n;
  const plain = (name: PsciFunctionName) => ({ version: pin, function: name, type: null, cookie: null });
  const typed = (name: PsciFunctionName) => ({
    ...plain(name),
    type: exactNumber(exit.x1),
    cookie: exactNumber(exit.x2),
  });
  // The same bit means one thing on a SHUTDOWN and another on a RESET.
  switch (exit.type) {
    case SHUTDOWN:
      return flagged
        ? { kind: 'hibernate', psci: typed('SYSTEM_OFF2'), kvm }
        : { kind: 'poweroff', psci: plain('SYSTEM_OFF'), kvm };
    case RESET:
      return { kind: 'reset', psci: flagged ? typed('SYSTEM_RESET2') : plain('SYSTEM_RESET'), kvm };
    case CRASH:
      return { kind: 'crash', psci: null, kvm };
    case SUSPEND:
      return { kind: 'suspend', psci: plain('SYSTEM_SUSPEND'), kvm };
    default:
      return null;
  }
}

function exactNumber(value: bigint): number | null {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
}

export type Hibernation = 'yes' | 'no' | 'unknown';

/** What is known when a guest has gone off. */
export interface SwitchOff {
  /** It called SYSTEM_OFF2: the SHUTDOWN carried KVM's flag. */
  readonly flagged: boolean;
  /** The pin it ran under. */
  readonly psci: PsciVersion;
  /** The version of its kernel as its image's banner says, `6.12.9`; null when it is not known. */
  readonly kernelVersion: string | null;
  /** Whether it has a disk that an image could have been written to. */
  readonly writableDisk: boolean;
}

/** Linux uses SYSTEM_OFF2 for hibernation from here on, where the firmware has it (drivers/firmware/psci/psci.c). */
const LINUX_WITH_OFF2 = [6, 13] as const;

/**
 * Whether a guest that went off had hibernated. Only what must be so is said: a guest is treated as hibernated when it
 * may be.
 */
export function classifyHibernation({ flagged, psci, kernelVersion, writableDisk }: SwitchOff): Hibernation {
  // KVM accepts SYSTEM_OFF2 with type HIBERNATE_OFF only, so the call is the guest's own word for it.
  if (flagged) return 'yes';
  // Nothing it could have saved its memory to. Without a writable disk there is no swap and no resume.
  if (!writableDisk) return 'no';
  // Such a kernel would have called SYSTEM_OFF2: it asks PSCI_FEATURES at boot and finds it under this pin.
  if (detectsHibernation(psci) && kernelVersion !== null && hasOff2(kernelVersion)) return 'no';
  // An older kernel, an older pin, or a guest that nobody knows hibernates with a plain SYSTEM_OFF.
  return 'unknown';
}

/** Distributions carry the change in older kernels too; those are rightly not counted on. */
function hasOff2(kernelVersion: string): boolean {
  const match = /^(\d+)\.(\d+)/.exec(kernelVersion);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const [wantedMajor, wantedMinor] = LINUX_WITH_OFF2;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
