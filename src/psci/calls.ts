/**
 * The calls by which a host's firmware behaviour is measured: every PSCI function by its 32-bit and its 64-bit
 * identifier, with good and bad arguments, and the services found beside PSCI. A guest makes them one after the other
 * (src/kvm/psci-guest.ts) at each version that the host accepts; what it is answered is the host's fingerprint.
 *
 * A call's id names it for ever: change what a call does, or which there are, and raise SUITE, for fingerprints of
 * different suites are not compared as a whole.
 */
import type { BehaviourRow } from './behaviour.ts';
import { psciNode } from './fdt.ts';
import { functionId, PSCI_FUNCTION_NAMES, PSCI_FUNCTIONS, type PsciFunctionName } from './functions.ts';

/** The number of this list of calls. */
export const SUITE = 1;

/**
 * answers: what every guest at the version is answered. Nothing that is recorded with a VM hides a difference here.
 * systemSuspend: the same for a guest with SYSTEM_SUSPEND, on a host that can give it.
 * services: what the CPU and the firmware registers decide, and the version does not (firmware.ts).
 */
export type CallGroup = 'answers' | 'systemSuspend' | 'services';

export interface GuestCall {
  readonly id: string;
  /** x0 to x3: the function and its arguments, each below 2^53. */
  readonly registers: readonly [number, number, number, number];
  /** How many registers the answer is in, from x0 on. */
  readonly words: 1 | 4;
  /**
   * The row of the behaviour table that says the answer; `absent` where there is no such function at any version,
   * `beside` where the call is none of PSCI's.
   */
  readonly row: Pick<BehaviourRow, 'function' | 'when'> | 'absent' | 'beside';
  /** By the identifier that KVM gave PSCI 0.1, which answers at 0.1 alone; the others answer from 0.2 on. */
  readonly legacy: boolean;
}

/** Calls of one guest, in this order; after a call that ends it, the rest are made in another. */
export interface Scenario {
  readonly group: CallGroup;
  readonly calls: readonly GuestCall[];
}

/** The guest has two CPUs: it runs on the first, and the second is off. An address where code could be. */
const ENTRY = 0x4000_0000;
const [SELF, OTHER, NOBODY] = [0, 1, 7];
/** A bit of MPIDR_EL1 that is none of the affinity (RES1). */
const RESERVED_AFFINITY = 0x8000_0000;
/** A 32-bit call ignores the upper half of each argument (DEN0028, section 2.6). */
const UPPER_HALF = 2 ** 32;

const WIDTHS = [32, 64] as const;
type Width = (typeof WIDTHS)[number];

/** An identifier by the calling convention, also where the specification has no such call. */
function identifier(name: PsciFunctionName, bits: Width): number {
  return functionId(name) + (bits === 64 ? 0x4000_0000 : 0);
}

/** Functions that KVM has at no version. */
const NOT_IN_KVM: readonly PsciFunctionName[] = [
  ...(['CPU_FREEZE', 'CPU_DEFAULT_SUSPEND', 'NODE_HW_STATE', 'PSCI_SET_SUSPEND_MODE'] as const),
  ...(['PSCI_STAT_RESIDENCY', 'PSCI_STAT_COUNT', 'MEM_PROTECT', 'MEM_PROTECT_CHECK_RANGE'] as const),
];

interface Way {
  /** A row's `when`. */
  readonly when?: string;
  /** Tells apart the ways that one row speaks of. */
  readonly with?: string;
  readonly arguments?: readonly number[];
}

function call(name: PsciFunctionName, bits: Width, way: Way = {}): GuestCall {
  const { when = '', arguments: [x1 = 0, x2 = 0, x3 = 0] = [] } = way;
  const words = [`${name}/${bits}`, when, way.with === undefined ? '' : `(${way.with})`];
  const known = bits === 32 || PSCI_FUNCTIONS[name].wide;
  return {
    id: words.filter((word) => word !== '').join(' '),
    registers: [identifier(name, bits), x1, x2, x3],
    words: 1,
    row: known && !NOT_IN_KVM.includes(name) ? { function: name, when } : 'absent',
    legacy: false,
  };
}

function legacy(name: PsciFunctionName, way: Way = {}): GuestCall {
  const id = psciNode('0.1').functions[name.toLowerCase()];
  if (id === undefined) throw new RangeError(`PSCI 0.1 has no ${name}`);
  const modern = call(name, 32, way);
  const [, x1, x2, x3] = modern.registers;
  return { ...modern, id: modern.id.replace('/32', '/0.1'), registers: [id, x1, x2, x3], legacy: true };
}

/** Both identifiers, one way. */
const both = (name: PsciFunctionName, way: Way = {}): GuestCall[] =>
  WIDTHS.map((bits) => call(name, bits, way));

const ON = 'of a CPU that is on';
const OFF = 'of a CPU that is off';
const NOWHERE = 'of a CPU that does not exist';
const NO_LEVEL = 'at an affinity level that does not exist';

/** What leaves the second CPU as it is. */
const affinity: readonly GuestCall[] = [
  ...both('AFFINITY_INFO', { when: OFF, arguments: [OTHER, 0] }),
  ...both('AFFINITY_INFO', { when: ON, with: 'the caller', arguments: [SELF, 0] }),
  ...both('AFFINITY_INFO', { when: ON, with: 'level 1', arguments: [SELF, 1] }),
  ...both('AFFINITY_INFO', { when: ON, with: 'level 3', arguments: [SELF, 3] }),
  ...both('AFFINITY_INFO', { when: NO_LEVEL, arguments: [SELF, 4] }),
  ...both('AFFINITY_INFO', { when: NOWHERE, arguments: [NOBODY, 0] }),
  ...both('AFFINITY_INFO', { when: NOWHERE, with: 'a reserved bit', arguments: [RESERVED_AFFINITY, 0] }),
  call('AFFINITY_INFO', 32, { when: ON, with: 'upper half ignored', arguments: [UPPER_HALF, 0] }),
  call('AFFINITY_INFO', 64, { when: NOWHERE, with: 'affinity 3 set', arguments: [UPPER_HALF, 0] }),
  ...both('CPU_ON', { when: ON, arguments: [SELF, ENTRY] }),
  ...both('CPU_ON', { when: NOWHERE, arguments: [NOBODY, ENTRY] }),
  ...both('CPU_ON', { when: NOWHERE, with: 'a reserved bit', arguments: [RESERVED_AFFINITY, ENTRY] }),
  call('CPU_ON', 32, { when: ON, with: 'upper half ignored', arguments: [UPPER_HALF, ENTRY] }),
  call('CPU_ON', 64, { when: NOWHERE, with: 'affinity 3 set', arguments: [UPPER_HALF, ENTRY] }),
];

/** Turns the second CPU on. */
const turningOn = (bits: Width): GuestCall[] => [
  call('CPU_ON', bits, { when: OFF, arguments: [OTHER, ENTRY] }),
  call('CPU_ON', bits, { when: ON, with: 'turned on before', arguments: [OTHER, ENTRY] }),
  call('AFFINITY_INFO', bits, { when: ON, with: 'turned on before', arguments: [OTHER, 0] }),
];

const MANDATORY: readonly PsciFunctionName[] = [
  ...(['PSCI_VERSION', 'CPU_SUSPEND', 'CPU_OFF', 'CPU_ON', 'AFFINITY_INFO'] as const),
  ...(['MIGRATE_INFO_TYPE', 'SYSTEM_OFF', 'SYSTEM_RESET', 'PSCI_FEATURES'] as const),
];
const SMCCC_VERSION = 0x8000_0000;
const SMCCC_ARCH_FEATURES = 0x8000_0001;
/** The first PSCI function number that no version has a function for. */
const UNASSIGNED = 0x8400_0000 + PSCI_FUNCTION_NAMES.length;

/** PSCI_FEATURES of both identifiers of every function, of what is beside PSCI, and of what is nothing. */
function features(systemSuspend: boolean): GuestCall[] {
  const of = (subject: string, id: number, when: string): GuestCall =>
    call('PSCI_FEATURES', 32, { when, with: subject, arguments: [id] });
  const whenOf = (name: PsciFunctionName, bits: Width): string => {
    if (bits === 64 && !PSCI_FUNCTIONS[name].wide) return ABSENT;
    if (MANDATORY.includes(name)) return 'of a mandatory function or SMCCC_VERSION';
    if (name === 'SYSTEM_RESET2' || name === 'SYSTEM_OFF2') return `of ${name}`;
    return name === 'SYSTEM_SUSPEND' && systemSuspend ? SUSPENDS : ABSENT;
  };
  const ofFunctions = (names: readonly PsciFunctionName[]) =>
    names.flatMap((name) =>
      WIDTHS.map((bits) => of(`${name}/${bits}`, identifier(name, bits), whenOf(name, bits))),
    );
  if (systemSuspend) return ofFunctions(['SYSTEM_SUSPEND']);
  return [
    ...ofFunctions(PSCI_FUNCTION_NAMES),
    of('SMCCC_VERSION', SMCCC_VERSION, 'of a mandatory function or SMCCC_VERSION'),
    of('SMCCC_ARCH_FEATURES', SMCCC_ARCH_FEATURES, ABSENT),
    of('an unassigned function', UNASSIGNED, ABSENT),
  ];
}

const ABSENT = 'of a function that is not there';
const SUSPENDS = 'of SYSTEM_SUSPEND, with KVM_CAP_ARM_SYSTEM_SUSPEND';

/** Where the answer does not hang on arguments. */
const plain: readonly GuestCall[] = [
  ...(['PSCI_VERSION', 'MIGRATE', 'MIGRATE_INFO_TYPE', 'MIGRATE_INFO_UP_CPU'] as const),
  ...NOT_IN_KVM,
].flatMap((name) => both(name));

const OTHER_RESET = 'with another type';
const RESET = 'with type 0 (warm reset) or a vendor type (0x80000000 and up)';
const OTHER_OFF = 'with another type or cookie';
const HIBERNATE = 'with type 0 or 1 (hibernate off) and cookie 0';

const refusedEnds: readonly GuestCall[] = [
  call('PSCI_FEATURES', 64),
  call('SYSTEM_OFF', 64),
  call('SYSTEM_RESET', 64),
  ...both('SYSTEM_SUSPEND', { when: 'without KVM_CAP_ARM_SYSTEM_SUSPEND', arguments: [ENTRY, 0] }),
  ...both('SYSTEM_RESET2', { when: OTHER_RESET, with: 'type 1', arguments: [1, 0] }),
  ...both('SYSTEM_RESET2', { when: OTHER_RESET, with: 'type 0x7fffffff', arguments: [0x7fff_ffff, 0] }),
  ...both('SYSTEM_OFF2', { when: OTHER_OFF, with: 'type 2', arguments: [2, 0] }),
  ...both('SYSTEM_OFF2', { when: OTHER_OFF, with: 'type 0, cookie 1', arguments: [0, 1] }),
  ...both('SYSTEM_OFF2', { when: OTHER_OFF, with: 'type 1, cookie 1', arguments: [1, 1] }),
];

/** Each ends its guest where it is answered; CPU_SUSPEND comes back, since an interrupt waits for the guest. */
const ends: readonly GuestCall[] = [
  call('CPU_SUSPEND', 32, { arguments: [0, ENTRY] }),
  call('CPU_SUSPEND', 64, { arguments: [0, ENTRY] }),
  call('SYSTEM_OFF', 32),
  call('SYSTEM_RESET', 32),
  ...both('SYSTEM_RESET2', { when: RESET, with: 'type 0', arguments: [0, 0] }),
  ...both('SYSTEM_RESET2', { when: RESET, with: 'type 0x80000001, cookie 7', arguments: [0x8000_0001, 7] }),
  ...both('SYSTEM_OFF2', { when: HIBERNATE, with: 'type 0', arguments: [0, 0] }),
  ...both('SYSTEM_OFF2', { when: HIBERNATE, with: 'type 1', arguments: [1, 0] }),
  call('CPU_OFF', 64),
  call('CPU_OFF', 32),
];

/** KVM's own identifiers: everything that 0.1 has. */
const ofLegacy: readonly GuestCall[] = [
  legacy('CPU_ON', { when: ON, arguments: [SELF, ENTRY] }),
  legacy('CPU_ON', { when: NOWHERE, arguments: [NOBODY, ENTRY] }),
  legacy('CPU_ON', { when: OFF, arguments: [OTHER, ENTRY] }),
  legacy('CPU_ON', { when: ON, with: 'turned on before', arguments: [OTHER, ENTRY] }),
  legacy('MIGRATE'),
  legacy('CPU_SUSPEND', { arguments: [0, ENTRY] }),
  legacy('CPU_OFF'),
];

const service = (id: string, registers: readonly number[], words: 1 | 4 = 1): GuestCall => {
  const [x0 = 0, x1 = 0, x2 = 0, x3 = 0] = registers;
  return { id, registers: [x0, x1, x2, x3], words, row: 'beside', legacy: false };
};

/** What decides the answer to this is the version of KVM's calling convention, and nothing that a VM records. */
const convention = service('SMCCC_VERSION', [SMCCC_VERSION]);

/**
 * Arm's architecture calls (DEN0028, section 7), the TRNG (DEN0098), paravirtual time (DEN0057) and KVM's own services
 * (Documentation/virt/kvm/arm/hypercalls.rst). Random numbers and times are not asked for.
 */
const services: readonly GuestCall[] = [
  service('SMCCC_ARCH_FEATURES of SMCCC_VERSION', [SMCCC_ARCH_FEATURES, SMCCC_VERSION]),
  service('SMCCC_ARCH_FEATURES of SMCCC_ARCH_SOC_ID', [SMCCC_ARCH_FEATURES, 0x8000_0002]),
  service('SMCCC_ARCH_FEATURES of SMCCC_ARCH_WORKAROUND_1', [SMCCC_ARCH_FEATURES, 0x8000_8000]),
  service('SMCCC_ARCH_FEATURES of SMCCC_ARCH_WORKAROUND_2', [SMCCC_ARCH_FEATURES, 0x8000_7fff]),
  service('SMCCC_ARCH_FEATURES of SMCCC_ARCH_WORKAROUND_3', [SMCCC_ARCH_FEATURES, 0x8000_3fff]),
  service('SMCCC_ARCH_FEATURES of PV_TIME_FEATURES', [SMCCC_ARCH_FEATURES, 0xc500_0020]),
  service('TRNG_VERSION', [0x8400_0050]),
  service('TRNG_FEATURES of TRNG_RND/32', [0x8400_0051, 0x8400_0053]),
  service('TRNG_FEATURES of TRNG_RND/64', [0x8400_0051, 0xc400_0053]),
  service('TRNG_GET_UUID', [0x8400_0052], 4),
  service('TRNG_RND/32 of more bits than there are', [0x8400_0053, 97]),
  service('TRNG_RND/64 of more bits than there are', [0xc400_0053, 193]),
  service('PV_TIME_FEATURES of PV_TIME_ST', [0xc500_0020, 0xc500_0021]),
  service('PV_TIME_ST', [0xc500_0021]),
  service('KVM vendor UID', [0x8600_ff01], 4),
  service('KVM vendor features', [0x8600_0000], 4),
];

const scenario = (group: CallGroup, ...calls: readonly (readonly GuestCall[])[]): Scenario => ({
  group,
  calls: calls.flat(),
});

/** All of it, for each version. */
export const SCENARIOS: readonly Scenario[] = [
  scenario('answers', plain, affinity, turningOn(32), features(false), [convention], refusedEnds),
  scenario('answers', turningOn(64), ends),
  scenario('answers', ofLegacy),
  scenario(
    'systemSuspend',
    features(true),
    both('SYSTEM_SUSPEND', { when: 'with KVM_CAP_ARM_SYSTEM_SUSPEND', arguments: [ENTRY, 0] }),
  ),
  scenario('services', services),
];

/** Every call by its id. */
export const CALLS: ReadonlyMap<string, GuestCall> = new Map(
  SCENARIOS.flatMap(({ calls }) => calls).map((made) => [made.id, made]),
);
