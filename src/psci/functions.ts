/**
 * PSCI functions: their numbers, their identifiers and the version of the specification that brought each.
 *
 * A function identifier follows the SMC Calling Convention (DEN0028, section 2.5): 0x84000000 + n for the 32-bit call,
 * 0xC4000000 + n for the 64-bit one, of the functions that take addresses or registers' worth of arguments. PSCI 0.1 has
 * no fixed identifiers; KVM answers it at 0x95C1BA5E and up (fdt.ts). Source: DEN0022 F.b, section 5.1.
 */
import type { PsciVersion } from './versions.ts';

interface FunctionDescription {
  /** n. */
  readonly number: number;
  /** Whether a 64-bit call exists beside the 32-bit one. */
  readonly wide: boolean;
  /** The version of the specification that brought it; what KVM makes of it is in behaviour.ts. */
  readonly since: PsciVersion;
}

const described = (number: number, since: PsciVersion, wide = false): FunctionDescription => ({
  number,
  since,
  wide,
});

export const PSCI_FUNCTIONS = {
  PSCI_VERSION: described(0, '0.2'),
  CPU_SUSPEND: described(1, '0.1', true),
  CPU_OFF: described(2, '0.1'),
  CPU_ON: described(3, '0.1', true),
  AFFINITY_INFO: described(4, '0.2', true),
  MIGRATE: described(5, '0.1', true),
  MIGRATE_INFO_TYPE: described(6, '0.2'),
  MIGRATE_INFO_UP_CPU: described(7, '0.2', true),
  SYSTEM_OFF: described(8, '0.2'),
  SYSTEM_RESET: described(9, '0.2'),
  PSCI_FEATURES: described(10, '1.0'),
  CPU_FREEZE: described(11, '1.0'),
  CPU_DEFAULT_SUSPEND: described(12, '1.0', true),
  NODE_HW_STATE: described(13, '1.0', true),
  SYSTEM_SUSPEND: described(14, '1.0', true),
  PSCI_SET_SUSPEND_MODE: described(15, '1.0'),
  PSCI_STAT_RESIDENCY: described(16, '1.0', true),
  PSCI_STAT_COUNT: described(17, '1.0', true),
  SYSTEM_RESET2: described(18, '1.1', true),
  MEM_PROTECT: described(19, '1.1'),
  MEM_PROTECT_CHECK_RANGE: described(20, '1.1', true),
  SYSTEM_OFF2: described(21, '1.3', true),
} as const satisfies Record<string, FunctionDescription>;

export type PsciFunctionName = keyof typeof PSCI_FUNCTIONS;

export const PSCI_FUNCTION_NAMES = Object.keys(PSCI_FUNCTIONS) as PsciFunctionName[];

const BASE_32 = 0x84000000;
const BASE_64 = 0xc4000000;

/** The identifier a guest puts into w0. Throws RangeError for the 64-bit call of a function that has none. */
export function functionId(name: PsciFunctionName, bits: 32 | 64 = 32): number {
  const { number, wide } = PSCI_FUNCTIONS[name];
  if (bits === 64 && !wide) throw new RangeError(`${name} has no 64-bit call`);
  return (bits === 64 ? BASE_64 : BASE_32) + number;
}
