/**
 * What simulated hosts say of themselves, by kernel: as the lab's real hosts with these kernels answer
 * (test/lab/kvm.test.ts), but for the size, which is asked for, and `simulated`, which is always true.
 */
import type { FirmwareRegisters } from '../psci/firmware.ts';
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

const KERNELS: Readonly<Record<SimKernel, KernelFacts>> = {
  '5.10': {
    release: '5.10.0-simulated',
    accepted: ['0.1', '0.2', '1.0'],
    default: '1.0',
    registers: { ...LEVELS, ...NO_BITMAPS },
    systemSuspend: false,
  },
  '6.1': {
    release: '6.1.0-simulated',
    accepted: ['0.1', '0.2', '1.0', '1.1'],
    default: '1.1',
    registers: { ...LEVELS, ...BITMAPS },
    systemSuspend: true,
  },
  '7.x': {
    release: '7.3.0-simulated',
    accepted: ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'],
    default: '1.3',
    registers: { ...LEVELS, ...BITMAPS, VENDOR_HYP_BMAP_2: '0x0' },
    systemSuspend: true,
  },
};

export function isSimKernel(text: string): text is SimKernel {
  return SIM_KERNELS.some((kernel) => kernel === text);
}

/** What of a host's kernel decides about a machine. */
export type SimFirmware = Pick<KernelFacts, 'accepted' | 'registers'>;

export function simFirmware(kernel: SimKernel): SimFirmware {
  return KERNELS[kernel];
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
  };
}
