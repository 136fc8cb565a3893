/** Measures what this host's KVM answers to a guest's calls, at each version it accepts, in scratch VMs. */
import { setPriority } from 'node:os';
import { Kvm } from '../../kvm/kvm.ts';
import { startTimer, stopTimer } from '../../kvm/libc.ts';
import { probePsci } from '../../kvm/probe.ts';
import { type CallGroup, type GuestCall, SCENARIOS, SUITE } from '../../psci/calls.ts';
import type { Answers, Fingerprint, VersionAnswers } from '../../psci/fingerprint.ts';
import type { PsciVersion } from '../../psci/versions.ts';
import { CallingGuest, type GuestOptions, KICK } from './guest.ts';

/** How long a guest rests in a call before the host looks what it does, in milliseconds. */
const KICK_EVERY_MS = 20;
/** The lowest: guests come first. */
const PRIORITY = 19;

/**
 * Takes the calling thread, which must be the main one of a process of its own, for some hundred scratch VMs: a second
 * or so on hardware.
 * @throws KvmError
 */
export function measureFingerprint(): Fingerprint {
  setPriority(PRIORITY);
  const { accepted, systemSuspend } = probePsci();
  using kvm = Kvm.open();
  // The first guest blocks the signal; until then it would end the process.
  let timer: number | null = null;
  const make = (calls: readonly GuestCall[], options: GuestOptions): CallingGuest => {
    const guest = new CallingGuest(kvm, calls, options);
    timer ??= startTimer(KICK, KICK_EVERY_MS);
    return guest;
  };
  try {
    const measured = accepted.map((version) => [version, measure(make, version, systemSuspend)]);
    return { suite: SUITE, versions: Object.fromEntries(measured) };
  } finally {
    if (timer !== null) stopTimer(timer);
  }
}

type MakeGuest = (calls: readonly GuestCall[], options: GuestOptions) => CallingGuest;

function measure(make: MakeGuest, version: PsciVersion, systemSuspend: boolean): VersionAnswers {
  const answersOf = (group: CallGroup): Answers =>
    Object.fromEntries(
      SCENARIOS.filter((scenario) => scenario.group === group).flatMap(({ calls }) =>
        makeCalls(make, calls, { version, systemSuspend: group === 'systemSuspend' }),
      ),
    );
  return {
    answers: answersOf('answers'),
    systemSuspend: systemSuspend ? answersOf('systemSuspend') : null,
    services: answersOf('services'),
  };
}

/** In as many guests as it takes. */
function makeCalls(make: MakeGuest, calls: readonly GuestCall[], options: GuestOptions): [string, string][] {
  const answers: [string, string][] = [];
  while (answers.length < calls.length) {
    using guest = make(calls.slice(answers.length), options);
    for (const call of calls.slice(answers.length)) {
      const { answer, goesOn } = guest.next();
      answers.push([call.id, answer]);
      if (!goesOn) break;
    }
  }
  return answers;
}
