import type { HostFacts } from '../../src/wire/agent.ts';

export const FACTS: HostFacts = {
  agentVersion: '0.1.0',
  kernel: '7.3.4',
  bootId: '01890000-0000-4000-8000-0000000000aa',
  psci: { accepted: ['0.2', '1.0', '1.1', '1.2', '1.3'], default: '1.3' },
  capacity: { vcpus: 8, memoryMiB: 4096 },
  simulated: false,
};
