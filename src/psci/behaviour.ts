/**
 * What KVM answers to a guest's PSCI calls at each version: the oracle that probes are compared with and that
 * differences between versions are read from.
 *
 * A row is one function called in one way. Its answer at a version is that of the newest step that is not newer: a row
 * says only where something changes. Source unless a row says otherwise: arch/arm64/kvm/psci.c of Linux 6.13 to 7.3
 * (kvm_psci_0_1_call, kvm_psci_0_2_call, kvm_psci_1_x_call), DEN0022 F.b for what the functions mean. The lab's kernels,
 * from 5.10 on, answer so (test/lab/fingerprint.test.ts); others may differ, and a host is believed over the table.
 */
import type { PsciFunctionName } from './functions.ts';
import { RETURN_CODES } from './return-codes.ts';
import { comparePsciVersions, PSCI_VERSIONS, type PsciVersion, toRegisterValue } from './versions.ts';

export type Answer =
  /** The call returns this to the guest. */
  | { readonly does: 'return'; readonly value: number }
  /** The call ends in the host with KVM_EXIT_SYSTEM_EVENT; `flagged` is bit 0 of its data. */
  | { readonly does: 'exit'; readonly event: 'SHUTDOWN' | 'RESET' | 'SUSPEND'; readonly flagged: boolean }
  /** Something happens to a CPU, in words; `value` is what the call returns then, null when it does not. */
  | { readonly does: 'act'; readonly action: string; readonly value: number | null };

export interface BehaviourRow {
  readonly function: PsciFunctionName;
  /** How it is called; empty when there is but one way. */
  readonly when: string;
  readonly steps: Readonly<Partial<Record<PsciVersion, Answer>>>;
  /** Where it comes from. */
  readonly source: string;
}

const returns = (value: number): Answer => ({ does: 'return', value });
const acts = (action: string, value: number | null = RETURN_CODES.SUCCESS): Answer => ({
  does: 'act',
  action,
  value,
});
const exits = (event: 'SHUTDOWN' | 'RESET' | 'SUSPEND', flagged = false): Answer => ({
  does: 'exit',
  event,
  flagged,
});

const NOT_SUPPORTED = returns(RETURN_CODES.NOT_SUPPORTED);
const INVALID = returns(RETURN_CODES.INVALID_PARAMETERS);
const SUCCESS = returns(RETURN_CODES.SUCCESS);
/** MIGRATE_INFO_TYPE: a trusted OS that needs no migration, or none (PSCI_0_2_TOS_MP). */
const NO_MIGRATION_NEEDED = 2;
/** PSCI_FEATURES of SYSTEM_OFF2: bit 0, HIBERNATE_OFF is there (PSCI_1_3_OFF_TYPE_HIBERNATE_OFF). */
const HIBERNATE_OFF_FEATURE = 1;

const CALL_0_1 = 'arch/arm64/kvm/psci.c, kvm_psci_0_1_call and kvm_psci_0_2_call';
const CALL_0_2 = 'arch/arm64/kvm/psci.c, kvm_psci_0_2_call; DEN0022 section 5.1';
const CALL_1_X = 'arch/arm64/kvm/psci.c, kvm_psci_1_x_call; DEN0022 section 5.1';
const CPU_ON_SOURCE = 'arch/arm64/kvm/psci.c, kvm_psci_vcpu_on; DEN0022 section 5.6';

export const BEHAVIOUR: readonly BehaviourRow[] = [
  {
    function: 'PSCI_VERSION',
    when: '',
    steps: Object.fromEntries(
      PSCI_VERSIONS.map((version) => [
        version,
        version === '0.1' ? NOT_SUPPORTED : returns(Number(toRegisterValue(version))),
      ]),
    ),
    source: CALL_0_2,
  },
  {
    function: 'CPU_SUSPEND',
    when: '',
    steps: { '0.1': NOT_SUPPORTED, '0.2': acts('waits for an interrupt, then returns SUCCESS') },
    source: CALL_0_1,
  },
  { function: 'CPU_OFF', when: '', steps: { '0.1': acts('stops the calling CPU', null) }, source: CALL_0_1 },
  {
    function: 'CPU_ON',
    when: 'of a CPU that is off',
    steps: { '0.1': acts('starts the CPU and returns SUCCESS') },
    source: CPU_ON_SOURCE,
  },
  {
    function: 'CPU_ON',
    when: 'of a CPU that is on',
    steps: { '0.1': INVALID, '0.2': returns(RETURN_CODES.ALREADY_ON) },
    source: CPU_ON_SOURCE,
  },
  {
    function: 'CPU_ON',
    when: 'of a CPU that does not exist',
    steps: { '0.1': INVALID },
    source: CPU_ON_SOURCE,
  },
  {
    function: 'AFFINITY_INFO',
    when: 'of a CPU that is on',
    steps: { '0.1': NOT_SUPPORTED, '0.2': returns(0) },
    source: 'arch/arm64/kvm/psci.c, kvm_psci_vcpu_affinity_info; DEN0022 section 5.7',
  },
  {
    function: 'AFFINITY_INFO',
    when: 'of a CPU that is off',
    steps: { '0.1': NOT_SUPPORTED, '0.2': returns(1) },
    source: 'arch/arm64/kvm/psci.c, kvm_psci_vcpu_affinity_info; DEN0022 section 5.7',
  },
  {
    function: 'AFFINITY_INFO',
    when: 'of a CPU that does not exist',
    steps: { '0.1': NOT_SUPPORTED, '0.2': INVALID },
    source: 'arch/arm64/kvm/psci.c, kvm_psci_vcpu_affinity_info; DEN0022 section 5.7',
  },
  {
    function: 'AFFINITY_INFO',
    when: 'at an affinity level that does not exist',
    steps: { '0.1': NOT_SUPPORTED, '0.2': INVALID },
    source: 'arch/arm64/kvm/psci.c, kvm_psci_vcpu_affinity_info; DEN0022 section 5.7',
  },
  { function: 'MIGRATE', when: '', steps: { '0.1': NOT_SUPPORTED }, source: CALL_0_1 },
  {
    function: 'MIGRATE_INFO_TYPE',
    when: '',
    steps: { '0.1': NOT_SUPPORTED, '0.2': returns(NO_MIGRATION_NEEDED) },
    source: CALL_0_2,
  },
  { function: 'MIGRATE_INFO_UP_CPU', when: '', steps: { '0.1': NOT_SUPPORTED }, source: CALL_0_2 },
  {
    function: 'SYSTEM_OFF',
    when: '',
    steps: { '0.1': NOT_SUPPORTED, '0.2': exits('SHUTDOWN') },
    source: CALL_0_2,
  },
  {
    function: 'SYSTEM_RESET',
    when: '',
    steps: { '0.1': NOT_SUPPORTED, '0.2': exits('RESET') },
    source: CALL_0_2,
  },
  {
    function: 'PSCI_FEATURES',
    when: 'of a mandatory function or SMCCC_VERSION',
    steps: { '0.1': NOT_SUPPORTED, '1.0': SUCCESS },
    source: CALL_1_X,
  },
  {
    function: 'PSCI_FEATURES',
    when: 'of SYSTEM_SUSPEND, with KVM_CAP_ARM_SYSTEM_SUSPEND',
    steps: { '0.1': NOT_SUPPORTED, '1.0': SUCCESS },
    source: CALL_1_X,
  },
  {
    function: 'PSCI_FEATURES',
    when: 'of SYSTEM_RESET2',
    steps: { '0.1': NOT_SUPPORTED, '1.1': SUCCESS },
    source: CALL_1_X,
  },
  {
    function: 'PSCI_FEATURES',
    when: 'of SYSTEM_OFF2',
    steps: { '0.1': NOT_SUPPORTED, '1.3': returns(HIBERNATE_OFF_FEATURE) },
    source: CALL_1_X,
  },
  {
    function: 'PSCI_FEATURES',
    when: 'of a function that is not there',
    steps: { '0.1': NOT_SUPPORTED },
    source: CALL_1_X,
  },
  {
    function: 'SYSTEM_SUSPEND',
    when: 'with KVM_CAP_ARM_SYSTEM_SUSPEND',
    steps: { '0.1': NOT_SUPPORTED, '1.0': exits('SUSPEND') },
    source: CALL_1_X,
  },
  {
    function: 'SYSTEM_SUSPEND',
    when: 'without KVM_CAP_ARM_SYSTEM_SUSPEND',
    steps: { '0.1': NOT_SUPPORTED },
    source: CALL_1_X,
  },
  {
    function: 'SYSTEM_RESET2',
    when: 'with type 0 (warm reset) or a vendor type (0x80000000 and up)',
    steps: { '0.1': NOT_SUPPORTED, '1.1': exits('RESET', true) },
    source: CALL_1_X,
  },
  {
    function: 'SYSTEM_RESET2',
    when: 'with another type',
    steps: { '0.1': NOT_SUPPORTED, '1.1': INVALID },
    source: CALL_1_X,
  },
  {
    function: 'SYSTEM_OFF2',
    when: 'with type 0 or 1 (hibernate off) and cookie 0',
    steps: { '0.1': NOT_SUPPORTED, '1.3': exits('SHUTDOWN', true) },
    source: CALL_1_X,
  },
  {
    function: 'SYSTEM_OFF2',
    when: 'with another type or cookie',
    steps: { '0.1': NOT_SUPPORTED, '1.3': INVALID },
    source: CALL_1_X,
  },
];

/** What KVM answers at a version. */
export function answerAt(row: BehaviourRow, version: PsciVersion): Answer {
  const reached = PSCI_VERSIONS.filter((step) => comparePsciVersions(step, version) <= 0);
  const answer = reached.map((step) => row.steps[step]).findLast((step) => step !== undefined);
  if (answer === undefined) throw new Error(`the behaviour of ${row.function} does not begin at 0.1`);
  return answer;
}

/** The row for a function called in one way. Throws RangeError when the table has none. */
export function rowOf(name: PsciFunctionName, when: string): BehaviourRow {
  const found = BEHAVIOUR.find((row) => row.function === name && row.when === when);
  if (found === undefined) throw new RangeError(`the behaviour table has no ${name} ${when}`);
  return found;
}

/** Whether KVM answers a function at a version with anything but NOT_SUPPORTED in some way of calling it. */
export function isAnswered(name: PsciFunctionName, version: PsciVersion): boolean {
  return BEHAVIOUR.filter((row) => row.function === name).some((row) => !isRefusal(answerAt(row, version)));
}

/** The oldest version at which KVM answers a function; null when it does at none. */
export function answeredSince(name: PsciFunctionName): PsciVersion | null {
  return PSCI_VERSIONS.find((version) => isAnswered(name, version)) ?? null;
}

/** The negative codes that KVM returns at a version, the mildest first. */
export function returnCodesAt(version: PsciVersion): number[] {
  const values = BEHAVIOUR.map((row) => answerAt(row, version)).flatMap((answer) =>
    answer.does === 'return' && answer.value < 0 ? [answer.value] : [],
  );
  return [...new Set(values)].sort((a, b) => b - a);
}

/** NOT_SUPPORTED. */
function isRefusal(answer: Answer): boolean {
  return answer.does === 'return' && answer.value === RETURN_CODES.NOT_SUPPORTED;
}
