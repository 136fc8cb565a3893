/**
 * What simulated hosts say of themselves, by kernel: as the lab's real hosts with these kernels answer
 * (test/lab/kvm.test.ts), but for the size, which is asked for, and `simulated`, which is always true.
 */

import type { Fingerprint, VersionAnswers } from '../psci/fingerprint.ts';
import type { FirmwareRegisters } from '../psci/firmware.ts';
import { fingerprintByTable } from '../psci/table-fingerprint.ts';
import type { PsciVersion } from '../psci/versions.ts';
import type { HostFacts } from '../wire/agent.ts';
import { HOLDFAST_VERSION } from '../wire/version.ts';

export const SIM_KERNELS = ['5.10', '6.1', '7.x'] as const;
export type SimKernel = (typeof SIM_KERNELS)[number];

interface KernelFacts {
  /** What `uname -r` would print. */
  readonly release: string;
  readonly accepted: readonly PsciVersion[];
  readonly default: PsciVersion;
  readonly registers: FirmwareRegisters;
  readonly systemSuspend: boolean;
  /** Where it answers otherwise than the behaviour table says, from PSCI 0.2 on. */
  readonly otherAnswers: VersionAnswers['answers'];
}

/** A CPU that needs no mitigation by firmware and has SSBS for the second. */
const LEVELS = {
  SMCCC_ARCH_WORKAROUND_1: '0x2',
  SMCCC_ARCH_WORKAROUND_2: '0x0',
  SMCCC_ARCH_WORKAROUND_3: '0x2',
} as const;
const NO_BITMAPS = {
  STD_BMAP: null,
  STD_HYP_BMAP: null,
  VENDOR_HYP_BMAP: null,
  VENDOR_HYP_BMAP_2: null,
} as const;
const BITMAPS = { ...NO_BITMAPS, STD_BMAP: '0x1', STD_HYP_BMAP: '0x1', VENDOR_HYP_BMAP: '0x3' } as const;

/** Linux 5.10 passes over reserved bits of an affinity. */
const RESERVED_BITS = {
  'AFFINITY_INFO/32 of a CPU that does not exist (a reserved bit)': '0x0',
  'AFFINITY_INFO/64 of a CPU that does not exist (a reserved bit)': '0x0',
  'CPU_ON/32 of a CPU that does not exist (a reserved bit)': '0xfffffffffffffffc',
  'CPU_ON/64 of a CPU that does not exist (a reserved bit)': '0xfffffffffffffffc',
} as const;

const KERNELS: Readonly<Record<SimKernel, KernelFacts>> = {
  '5.10': {
    release: '5.10.0-simulated',
    accepted: ['0.1', '0.2', '1.0'],
    default: '1.0',
    registers: { ...LEVELS, ...NO_BITMAPS },
    systemSuspend: false,
    otherAnswers: RESERVED_BITS,
  },
  '6.1': {
    release: '6.1.0-simulated',
    accepted: ['0.1', '0.2', '1.0', '1.1'],
    default: '1.1',
    registers: { ...LEVELS, ...BITMAPS },
    systemSuspend: true,
    otherAnswers: {},
  },
  '7.x': {
    release: '7.3.0-simulated',
    accepted: ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'],
    default: '1.3',
    registers: { ...LEVELS, ...BITMAPS, VENDOR_HYP_BMAP_2: '0x0' },
    systemSuspend: true,
    otherAnswers: {},
  },
};

export function isSimKernel(text: string): text is SimKernel {
  return SIM_KERNELS.some((kernel) => kernel === text);
}

/** What of a host's kernel, and of its boot, decides about a machine. */
export interface SimFirmware extends Pick<KernelFacts, 'accepted' | 'registers'> {
  readonly hostBootId: string;
}

export function simFirmware(kernel: SimKernel, hostBootId: string): SimFirmware {
  const { accepted, registers } = KERNELS[kernel];
  return { accepted, registers, hostBootId };
}

const fingerprints = new Map<SimKernel, Fingerprint>();

/** What such a kernel was found to answer, but for services beside PSCI (test/fixtures/fingerprints); one object. */
export function simFingerprint(kernel: SimKernel): Fingerprint {
  const known = fingerprints.get(kernel);
  if (known !== undefined) return known;
  const { accepted, systemSuspend, otherAnswers } = KERNELS[kernel];
  const { suite, versions } = fingerprintByTable(accepted, { systemSuspend });
  const made = {
    suite,
    versions: Object.fromEntries(
      Object.entries(versions).map(([version, measured]) => {
        const answers = version === '0.1' ? measured.answers : { ...measured.answers, ...otherAnswers };
        return [version, { ...measured, answers }];
      }),
    ),
  };
  fingerprints.set(kernel, made);
  return made;
}

/** `bootId` names this boot of the host: another one says that everything it ran is gone. */
export function simFacts(kernel: SimKernel, capacity: HostFacts['capacity'], bootId: string): HostFacts {
  const { release, accepted, default: newest, registers, systemSuspend } = KERNELS[kernel];
  return {
    agentVersion: HOLDFAST_VERSION,
    kernel: release,
    bootId,
    psci: { accepted: [...accepted], default: newest, registers, systemSuspend },
    capacity,
    simulated: true,
    movesDisks: true,
  };
}
