/**
 * What this host's KVM answers to a guest's PSCI calls at each version it accepts, in the ways that the behaviour table
 * names; test/lab/psci-behaviour.test.ts compares. One vCPU runs, a second stands by to be turned on.
 *
 * Not called: CPU_OFF and CPU_SUSPEND where they work, since neither comes back without an interrupt controller.
 */
import {
  KVM_CAP_ARM_SYSTEM_SUSPEND,
  KVM_CAP_SYSTEM_EVENT_DATA,
  KVM_EXIT_MMIO,
  KVM_EXIT_SYSTEM_EVENT,
} from '../../../src/kvm/abi.ts';
import { Kvm } from '../../../src/kvm/kvm.ts';
import { probePsci } from '../../../src/kvm/probe.ts';
import { PC, PSCI_VERSION } from '../../../src/kvm/registers.ts';
import { VcpuRunner } from '../../../src/kvm/vcpu-runner.ts';
import { MIB, RAM_BASE, UART } from '../../../src/machine/layout.ts';
import { Ram } from '../../../src/machine/ram.ts';
import { psciNode } from '../../../src/psci/fdt.ts';
import { functionId, type PsciFunctionName } from '../../../src/psci/functions.ts';
import { type PsciVersion, toRegisterValue } from '../../../src/psci/versions.ts';
import { KICK } from './bare.ts';
import { hvc, mov } from './payload.ts';
import { report } from './report.ts';

interface Call {
  readonly function: PsciFunctionName;
  readonly when: string;
  /** x1 and on. */
  readonly arguments?: readonly number[];
}

export interface Measured {
  readonly function: PsciFunctionName;
  readonly when: string;
  /** The signed lower half of x0, or the exit's event and the lowest bit of its data. */
  readonly answer: number | { readonly event: number; readonly flagged: boolean };
}

/** STR W0, [X9] (Arm Architecture Reference Manual, DDI 0487, section C6.2). */
const STORE_ANSWER = 0xb900_0120;

const SMCCC_VERSION = 0x8000_0000;
const [SELF, OTHER, NOBODY] = [0, 1, 7];
const feature = (name: PsciFunctionName) => [functionId(name)];

/** In this order: the second CPU goes on half-way. */
const CALLS: readonly Call[] = [
  { function: 'PSCI_VERSION', when: '' },
  { function: 'CPU_ON', when: 'of a CPU that is on', arguments: [SELF, RAM_BASE] },
  { function: 'CPU_ON', when: 'of a CPU that does not exist', arguments: [NOBODY, RAM_BASE] },
  { function: 'AFFINITY_INFO', when: 'of a CPU that is off', arguments: [OTHER, 0] },
  { function: 'CPU_ON', when: 'of a CPU that is off', arguments: [OTHER, RAM_BASE] },
  { function: 'AFFINITY_INFO', when: 'of a CPU that is on', arguments: [SELF, 0] },
  { function: 'MIGRATE', when: '', arguments: [OTHER] },
  { function: 'MIGRATE_INFO_TYPE', when: '' },
  { function: 'MIGRATE_INFO_UP_CPU', when: '' },
  { function: 'PSCI_FEATURES', when: 'of a mandatory function or SMCCC_VERSION', arguments: [SMCCC_VERSION] },
  {
    function: 'PSCI_FEATURES',
    when: 'of a mandatory function or SMCCC_VERSION',
    arguments: feature('CPU_ON'),
  },
  { function: 'PSCI_FEATURES', when: 'of SYSTEM_RESET2', arguments: feature('SYSTEM_RESET2') },
  { function: 'PSCI_FEATURES', when: 'of SYSTEM_OFF2', arguments: feature('SYSTEM_OFF2') },
  { function: 'PSCI_FEATURES', when: 'of a function that is not there', arguments: feature('MEM_PROTECT') },
  { function: 'SYSTEM_SUSPEND', when: 'without KVM_CAP_ARM_SYSTEM_SUSPEND', arguments: [RAM_BASE, 0] },
  { function: 'SYSTEM_RESET2', when: 'with another type', arguments: [5, 0] },
  { function: 'SYSTEM_OFF2', when: 'with another type or cookie', arguments: [2, 0] },
  { function: 'SYSTEM_OFF2', when: 'with another type or cookie', arguments: [0, 1] },
];

/** In a VM with KVM_CAP_ARM_SYSTEM_SUSPEND. */
const SUSPENDING: readonly Call[] = [
  {
    function: 'PSCI_FEATURES',
    when: 'of SYSTEM_SUSPEND, with KVM_CAP_ARM_SYSTEM_SUSPEND',
    arguments: feature('SYSTEM_SUSPEND'),
  },
  {
    function: 'SYSTEM_SUSPEND',
    when: 'with KVM_CAP_ARM_SYSTEM_SUSPEND',
    arguments: [RAM_BASE, 0],
  },
];

/** Each in a guest of its own. */
const ENDS: readonly Call[] = [
  { function: 'SYSTEM_OFF', when: '' },
  { function: 'SYSTEM_RESET', when: '' },
  {
    function: 'SYSTEM_RESET2',
    when: 'with type 0 (warm reset) or a vendor type (0x80000000 and up)',
    arguments: [0, 0],
  },
  {
    function: 'SYSTEM_RESET2',
    when: 'with type 0 (warm reset) or a vendor type (0x80000000 and up)',
    arguments: [0x8000_0001, 7],
  },
  { function: 'SYSTEM_OFF2', when: 'with type 0 or 1 (hibernate off) and cookie 0', arguments: [0, 0] },
  { function: 'SYSTEM_OFF2', when: 'with type 0 or 1 (hibernate off) and cookie 0', arguments: [1, 0] },
];

/** 0.1 has identifiers of KVM's own for what it has. */
function idAt(version: PsciVersion, name: PsciFunctionName): number {
  return psciNode(version).functions[name.toLowerCase()] ?? functionId(name);
}

/** Makes the calls in one guest, which tells each answer by a write to where no device is. */
function measure(version: PsciVersion, calls: readonly Call[], systemSuspend = false): Measured[] {
  using parts = new DisposableStack();
  const kvm = parts.use(Kvm.open());
  const ram = parts.use(new Ram(2 * MIB));
  const code = calls.flatMap((call) => [
    ...(call.arguments ?? []).flatMap((value, i) => mov(i + 1, value)),
    ...mov(0, idAt(version, call.function)),
    ...hvc,
    ...mov(9, UART.base),
    STORE_ANSWER,
  ]);
  ram.memory.u32.set(code);
  const vm = parts.use(kvm.createVm());
  vm.setMemoryRegion({ slot: 0, guestAddress: RAM_BASE, size: ram.size, address: ram.address });
  if (systemSuspend) vm.enable(KVM_CAP_ARM_SYSTEM_SUSPEND);
  const vcpu = parts.use(vm.createVcpu(0));
  const other = parts.use(vm.createVcpu(1));
  const features = { target: vm.preferredTarget(), psci02: version !== '0.1' };
  vcpu.init({ ...features, startsOff: false });
  other.init({ ...features, startsOff: true });
  vcpu.setFirmwareRegister(PSCI_VERSION, toRegisterValue(version));
  vcpu.setRegister(PC, BigInt(RAM_BASE));
  const runner = new VcpuRunner(vcpu.handle, KICK);
  return calls.map((call) => {
    runner.run();
    if (runner.exitReason === KVM_EXIT_MMIO && runner.mmioIsWrite)
      return { function: call.function, when: call.when, answer: runner.mmioData(4, 0) | 0 };
    if (runner.exitReason !== KVM_EXIT_SYSTEM_EVENT)
      throw new Error(`${call.function} ${call.when} at ${version}: exit ${runner.exitReason}`);
    const [flags = 0n] = runner.eventData(kvm.extension(KVM_CAP_SYSTEM_EVENT_DATA) > 0);
    const answer = { event: runner.eventType, flagged: (flags & 1n) === 1n };
    return { function: call.function, when: call.when, answer };
  });
}

const canSuspend = (() => {
  using kvm = Kvm.open();
  return kvm.extension(KVM_CAP_ARM_SYSTEM_SUSPEND) > 0;
})();

report(
  Object.fromEntries(
    probePsci().accepted.map((version) => [
      version,
      [
        ...measure(version, CALLS),
        ...ENDS.flatMap((call) => measure(version, [call])),
        ...(canSuspend ? measure(version, SUSPENDING, true) : []),
      ],
    ]),
  ),
);
