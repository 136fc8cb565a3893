/** What PSCI calls answer (PSCI specification, DEN0022, section 5.2.2; include/uapi/linux/psci.h of Linux). */

export const RETURN_CODES = {
  SUCCESS: 0,
  NOT_SUPPORTED: -1,
  INVALID_PARAMETERS: -2,
  DENIED: -3,
  ALREADY_ON: -4,
  ON_PENDING: -5,
  INTERNAL_FAILURE: -6,
  NOT_PRESENT: -7,
  DISABLED: -8,
  INVALID_ADDRESS: -9,
} as const;

export type ReturnCodeName = keyof typeof RETURN_CODES;

/** The name of a code, or null for a value that is none. SUCCESS is also the ordinary 0 of functions that answer data. */
export function returnCodeName(value: number): ReturnCodeName | null {
  const entry = Object.entries(RETURN_CODES).find(([, code]) => code === value);
  return entry === undefined ? null : (entry[0] as ReturnCodeName);
}
