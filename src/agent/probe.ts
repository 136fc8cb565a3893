/** What this host's KVM accepts, asked of a scratch VM: a kernel's release number would not tell (src/kvm/probe.ts). */
import { type PsciProbe, probePsci } from '../kvm/probe.ts';

/** This machine cannot be a host; the message says what is missing. */
export class NotAHostError extends Error {
  override readonly name = 'NotAHostError';
}

/** @throws NotAHostError */
export function probeHost(): PsciProbe {
  try {
    return probePsci();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new NotAHostError(`this machine's KVM cannot be used: ${detail}`);
  }
}
