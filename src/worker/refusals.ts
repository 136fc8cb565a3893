/**
 * Why a worker does not do what it was asked: a closed set, each with its sentence. Nothing was journalled or changed.
 */

const REFUSALS = {
  RUN_ENDED: 'This run of the VM has ended; start the VM for a new one.',
  NOT_RUNNING: 'The guest is just starting; ask again when it runs.',
  PAUSED: 'The VM is paused, or its guest sleeps, and cannot answer; resume it first, or kill it.',
  ALREADY_PAUSED: 'The VM is paused already.',
  NOT_PAUSED: 'The VM is not paused.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export interface Refusal {
  readonly code: RefusalCode;
  readonly detail: string;
}

export function refusal(code: RefusalCode): Refusal {
  return { code, detail: REFUSALS[code] };
}
