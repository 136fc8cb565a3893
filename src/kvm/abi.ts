/**
 * KVM's structures and constants, little-endian as on every host Holdfast runs on.
 *
 * Structures and constants are from include/uapi/linux/kvm.h, or arch/arm64/include/uapi/asm/kvm.h where noted. Field
 * names are the kernel's, so that a C compiler can check each offset (test/unit/kvm/abi.test.ts does).
 */
import { type Layout, layout } from './struct.ts';

/** The only API version ever released; KVM's documentation says to refuse any other. */
export const KVM_API_VERSION = 12;

// Capabilities for KVM_CHECK_EXTENSION.
/** The most bits of guest physical address a VM may have; 0 where it is fixed to 40. */
export const KVM_CAP_ARM_VM_IPA_SIZE = 165;
/** `system_event` has `ndata` and `data` (Linux 5.19); before there was one flags word. */
export const KVM_CAP_SYSTEM_EVENT_DATA = 215;
/** Once enabled on a VM, its guest has SYSTEM_SUSPEND, which ends in the host (Linux 5.19, arm64). */
export const KVM_CAP_ARM_SYSTEM_SUSPEND = 216;

/** Bits of guest physical address of a VM of type 0 (arch/arm64/include/asm/kvm_arm.h, KVM_PHYS_SHIFT). */
export const DEFAULT_IPA_BITS = 40;

// Exit reasons.
export const KVM_EXIT_MMIO = 6;
export const KVM_EXIT_FAIL_ENTRY = 9;
export const KVM_EXIT_INTR = 10;
export const KVM_EXIT_INTERNAL_ERROR = 17;
export const KVM_EXIT_SYSTEM_EVENT = 24;

// Features for KVM_ARM_VCPU_INIT, as bits of `features[0]` (arm64).
/** The vCPU starts off and waits for a PSCI CPU_ON. */
export const KVM_ARM_VCPU_POWER_OFF = 1 << 0;
/** PSCI 0.2 or later instead of 0.1. */
export const KVM_ARM_VCPU_PSCI_0_2 = 1 << 2;

export const KVM_DEV_TYPE_ARM_VGIC_V3 = 7;

// Attributes of a vGICv3 (arm64; Documentation/virt/kvm/devices/arm-vgic-v3.rst).
export const KVM_DEV_ARM_VGIC_GRP_ADDR = 0;
/** Registers of the distributor, 32 bits each; the attribute is the offset. */
export const KVM_DEV_ARM_VGIC_GRP_DIST_REGS = 1;
export const KVM_DEV_ARM_VGIC_GRP_NR_IRQS = 3;
export const KVM_DEV_ARM_VGIC_GRP_CTRL = 4;
/** Registers of a redistributor, 32 bits each; the attribute is `affinity << 32 | offset`. */
export const KVM_DEV_ARM_VGIC_GRP_REDIST_REGS = 5;
/** ICC_*_EL1 of a vCPU, 64 bits each; the attribute is `affinity << 32 | encoding`. */
export const KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS = 6;
/** Levels of 32 interrupt lines; the attribute is `affinity << 32 | what << 10 | first INTID`. */
export const KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO = 7;
export const KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT = 32;
/** The only `what`: the level of the line, 0. */
export const VGIC_LEVEL_INFO_LINE_LEVEL = 0;
export const KVM_VGIC_V3_ADDR_TYPE_DIST = 2;
export const KVM_VGIC_V3_ADDR_TYPE_REDIST = 3;
export const KVM_DEV_ARM_VGIC_CTRL_INIT = 0;

/** KVM_IRQ_LINE's `irq` is `type << 24 | vCPU << 16 | pin` for a pin of a vCPU (arm64); pin 0 is its IRQ. */
export const KVM_ARM_IRQ_TYPE_CPU = 0;
export const KVM_ARM_IRQ_VCPU_SHIFT = 16;
/** KVM_IRQ_LINE's `irq` is `type << 24 | INTID` for a shared interrupt (arm64, KVM_ARM_IRQ_TYPE_SPI). */
export const KVM_ARM_IRQ_TYPE_SPI = 1;
export const KVM_ARM_IRQ_TYPE_SHIFT = 24;

export const KVM_IOEVENTFD_FLAG_DATAMATCH = 1 << 0;

/** Room for the registers of one vCPU in KVM_GET_REG_LIST: some 300 on 6.1, under 400 with every optional group. */
export const REGISTER_LIST_ROOM = 4096;

export const KVM_MP_STATE_RUNNABLE = 0;
export const KVM_MP_STATE_STOPPED = 5;

export const kvmUserspaceMemoryRegion = layout('kvm_userspace_memory_region', 32, {
  slot: [0, 'u32'],
  flags: [4, 'u32'],
  guest_phys_addr: [8, 'u64'],
  memory_size: [16, 'u64'],
  userspace_addr: [24, 'u64'],
});

/** arm64. `features` is an array of 7 words, of which only the first has defined bits. */
export const kvmVcpuInit = layout('kvm_vcpu_init', 32, { target: [0, 'u32'], features: [4, 'u32'] });

export const kvmOneReg = layout('kvm_one_reg', 16, { id: [0, 'u64'], addr: [8, 'u64'] });

/**
 * Exceptions that wait for a vCPU (arm64; the structure's own member is `exception`). Taken and given back as a whole.
 */
export const kvmVcpuEvents = layout('kvm_vcpu_events', 64, {
  'exception.serror_pending': [0, 'u8'],
  'exception.serror_esr': [8, 'u64'],
});

export const kvmMpState = layout('kvm_mp_state', 4, { mp_state: [0, 'u32'] });

/** `args` is an array of 4 words. */
export const kvmEnableCap = layout('kvm_enable_cap', 104, {
  cap: [0, 'u32'],
  flags: [4, 'u32'],
  args: [8, 'u64'],
});

export const kvmCreateDevice = layout('kvm_create_device', 12, {
  type: [0, 'u32'],
  fd: [4, 'u32'],
  flags: [8, 'u32'],
});

export const kvmDeviceAttr = layout('kvm_device_attr', 24, {
  flags: [0, 'u32'],
  group: [4, 'u32'],
  attr: [8, 'u64'],
  addr: [16, 'u64'],
});

export const kvmIrqLevel = layout('kvm_irq_level', 8, { irq: [0, 'u32'], level: [4, 'u32'] });

export const kvmIrqfd = layout('kvm_irqfd', 32, { fd: [0, 'u32'], gsi: [4, 'u32'], flags: [8, 'u32'] });

export const kvmIoeventfd = layout('kvm_ioeventfd', 64, {
  datamatch: [0, 'u64'],
  addr: [8, 'u64'],
  len: [16, 'u32'],
  fd: [20, 'u32'],
  flags: [24, 'u32'],
});

/**
 * The page that a vCPU shares with user space. KVM's structure is longer (its size comes from
 * KVM_GET_VCPU_MMAP_SIZE); 256 bytes hold everything up to the end of the exit union. Every member below `exit_reason`
 * belongs to that union: look at the reason first.
 */
export const kvmRun = layout('kvm_run', 256, {
  immediate_exit: [1, 'u8'],
  exit_reason: [8, 'u32'],
  'mmio.phys_addr': [32, 'u64'],
  'mmio.data': [40, 'u64'],
  'mmio.len': [48, 'u32'],
  'mmio.is_write': [52, 'u8'],
  'fail_entry.hardware_entry_failure_reason': [32, 'u64'],
  'internal.suberror': [32, 'u32'],
  'system_event.type': [32, 'u32'],
  'system_event.ndata': [36, 'u32'],
  'system_event.data': [40, 'u64'],
});

/** Words in `system_event.data`. */
export const SYSTEM_EVENT_DATA_WORDS = 16;

/** Structures whose size Holdfast's own layout gives in full. */
export const completeLayouts: readonly Layout[] = [
  kvmUserspaceMemoryRegion,
  kvmVcpuInit,
  kvmOneReg,
  kvmMpState,
  kvmEnableCap,
  kvmVcpuEvents,
  kvmCreateDevice,
  kvmDeviceAttr,
  kvmIrqLevel,
  kvmIrqfd,
  kvmIoeventfd,
];
