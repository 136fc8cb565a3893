import type { FirmwareRegisters } from '../../src/psci/firmware.ts';
import type { HostFacts } from '../../src/wire/agent.ts';

/** As Linux 7.3 has them on a CPU that needs no mitigations by firmware. */
export const REGISTERS: FirmwareRegisters = {
  SMCCC_ARCH_WORKAROUND_1: '0x2',
  SMCCC_ARCH_WORKAROUND_2: '0x0',
  SMCCC_ARCH_WORKAROUND_3: '0x2',
  STD_BMAP: '0x1',
  STD_HYP_BMAP: '0x1',
  VENDOR_HYP_BMAP: '0x3',
  VENDOR_HYP_BMAP_2: '0x0',
};

export const FACTS: HostFacts = {
  agentVersion: '0.1.0',
  kernel: '7.3.4',
  bootId: '01890000-0000-4000-8000-0000000000aa',
  psci: { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3', registers: REGISTERS },
  capacity: { vcpus: 8, memoryMiB: 4096 },
  simulated: false,
};
