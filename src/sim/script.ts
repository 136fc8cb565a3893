/**
 * What a simulated guest does by itself, as words of its kernel command line:
 *
 *   sim.boot-ms=N                  its machine takes N milliseconds to be made
 *   sim.fail=CODE                  its machine cannot be made, with that code
 *   sim.poweroff-after=S           it powers off S seconds after each boot; also
 *   sim.hibernate-after=S          … by SYSTEM_OFF2 where its pin has it, else by SYSTEM_OFF
 *   sim.reset-after=S  sim.crash-after=S
 *   sim.deaf                       it does not notice when a key is pressed
 *
 * Each may end in `@VERSION[,VERSION…]` and is then meant for a boot under those pins alone: `sim.crash-after=0@1.1` is
 * a guest that cannot live with 1.1. S may be a fraction. Other words are passed over, as a kernel does.
 */
import { isPsciVersion, type PsciVersion } from '../psci/versions.ts';

export const GUEST_DEEDS = ['poweroff', 'hibernate', 'reset', 'crash'] as const;
export type GuestDeed = (typeof GUEST_DEEDS)[number];

export interface Script {
  readonly bootMilliseconds: number;
  /** Why no machine can be made; null: one can. */
  readonly failure: string | null;
  /** What it does after a boot, and when, in milliseconds; the soonest counts. */
  readonly deeds: readonly { readonly deed: GuestDeed; readonly afterMilliseconds: number }[];
  readonly deaf: boolean;
}

const WORD = /^sim\.([a-z-]+)(?:=([^@]*))?(?:@(.*))?$/;
const CODE = /^[A-Z][A-Z0-9_]*$/;

/** @throws Error for a word that begins with `sim.` and is none of the above: a test that scripts nothing tests nothing. */
export function parseScript(cmdline: string, pin: PsciVersion): Script {
  const deeds: Script['deeds'][number][] = [];
  let [bootMilliseconds, failure, deaf]: [number, string | null, boolean] = [0, null, false];
  for (const word of cmdline.split(/\s+/).filter((part) => part.startsWith('sim.'))) {
    const [, name = '', value = '', versions] = WORD.exec(word) ?? [];
    if (!meant(versions, pin, word)) continue;
    const deed = GUEST_DEEDS.find((known) => name === `${known}-after`);
    if (deed !== undefined) deeds.push({ deed, afterMilliseconds: numberOf(value, word) * 1000 });
    else if (name === 'boot-ms') bootMilliseconds = numberOf(value, word);
    else if (name === 'fail' && CODE.test(value)) failure = value;
    else if (name === 'deaf') deaf = true;
    else throw notUnderstood(word);
  }
  return { bootMilliseconds, failure, deaf, deeds };
}

function meant(versions: string | undefined, pin: PsciVersion, word: string): boolean {
  if (versions === undefined) return true;
  const listed = versions.split(',');
  if (!listed.every(isPsciVersion)) throw notUnderstood(word);
  return listed.includes(pin);
}

function numberOf(value: string, word: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw notUnderstood(word);
  return Number(value);
}

function notUnderstood(word: string): Error {
  return new Error(`the simulated guest does not understand "${word}" on its command line`);
}
