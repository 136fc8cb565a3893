/** The fingerprint that the behaviour table would have: what simulated hosts tell, and what a measured one is held against. */
import type { Answer } from './behaviour.ts';
import { type CallGroup, SCENARIOS, SUITE } from './calls.ts';
import { expectedAnswer } from './expected.ts';
import { type Answers, exited, type Fingerprint, returned, STOPPED } from './fingerprint.ts';
import type { PsciVersion } from './versions.ts';

/** KVM_SYSTEM_EVENT_* (include/uapi/linux/kvm.h). */
const EVENTS = { SHUTDOWN: 1, RESET: 2, SUSPEND: 5 } as const;

/** The fingerprint of a host that answers as the table says and has no services beside PSCI. */
export function fingerprintByTable(
  accepted: readonly PsciVersion[],
  { systemSuspend }: { readonly systemSuspend: boolean },
): Fingerprint {
  const at = (version: PsciVersion) => ({
    answers: answersOf('answers', version),
    systemSuspend: systemSuspend ? answersOf('systemSuspend', version) : null,
    services: {},
  });
  return { suite: SUITE, versions: Object.fromEntries(accepted.map((version) => [version, at(version)])) };
}

function answersOf(group: CallGroup, version: PsciVersion): Answers {
  const calls = SCENARIOS.filter((scenario) => scenario.group === group).flatMap(
    (scenario) => scenario.calls,
  );
  return Object.fromEntries(
    calls.map((call) => [call.id, asMeasured(expectedAnswer(call, version) ?? CONVENTION)]),
  );
}

/** SMCCC_VERSION, the one call among the answers to every guest that is none of PSCI's: KVM has 1.1 of it. */
const CONVENTION: Answer = { does: 'return', value: 0x10001 };

function asMeasured(answer: Answer): string {
  switch (answer.does) {
    case 'return':
      return register(answer.value);
    case 'exit':
      return exited(EVENTS[answer.event], answer.flagged ? 1n : 0n);
    case 'act':
      return answer.value === null ? STOPPED : register(answer.value);
  }
}

/** x0 has the code's sign in all of its bits. */
function register(value: number): string {
  return returned([BigInt.asUintN(64, BigInt(value))]);
}
