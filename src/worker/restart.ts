/**
 * How soon a guest that ended by itself boots again: at once, unless its boots keep ending soon after they began. Then
 * it waits, each time twice as long, until a boot has lasted or an operator wants it at once.
 */

/** A boot that has lasted so long was a good one, whatever ended it. */
const STEADY_MS = 5 * 60_000;
/** Boots in a row that may end sooner and be followed at once: an installation reboots more than once. */
const AT_ONCE = 3;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 5 * 60_000;

export interface Boots {
  /** When the guest of this boot began to run, in milliseconds on the monotonic clock; null before it did. */
  readonly since: number | null;
  /** How many boots in a row ended by themselves sooner than STEADY_MS. */
  readonly short: number;
}

export const NO_BOOTS: Boots = { since: null, short: 0 };

/** `waitMs`: how long the next boot has to wait after this one, which ends now. */
export function bootEnded({ since, short }: Boots, now: number): { boots: Boots; waitMs: number } {
  const lasted = since === null ? 0 : now - since;
  const inRow = lasted < STEADY_MS ? short + 1 : 0;
  const over = inRow - AT_ONCE;
  return {
    boots: { since: null, short: inRow },
    waitMs: over <= 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (over - 1)),
  };
}

/** For a person, behind what ended the boot. */
export function describeWait({ short }: Boots, waitMs: number): string {
  return (
    `the last ${short} boots each ended within ${STEADY_MS / 60_000} min, so the next one begins in ${waitMs / 1_000} s; ` +
    'reset the VM to boot it at once'
  );
}
