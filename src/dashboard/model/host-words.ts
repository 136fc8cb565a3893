/** What is said of a host's behaviour and upgrade. Pure. */
import type { Host, Maintenance, PsciVersion } from '../data/types.ts';
import { count } from './format.ts';

export type AnswersTone = 'good' | 'odd' | 'bad' | 'open';

/** How its KVM answers PSCI calls, in two or three words and in a sentence, and whether somebody should look. */
export function answersWords(fingerprint: Host['fingerprint']): {
  words: string;
  title: string;
  tone: AnswersTone;
} {
  if (fingerprint === null) {
    return { words: 'not measured', title: 'Its agent has not told yet what its KVM answers', tone: 'open' };
  }
  const { differences, worse, changed } = fingerprint;
  const title = `${count(differences, 'answer')} not as Linux is known to answer`;
  if (changed) {
    return {
      words: 'changed',
      title: 'Not as it answered under its former kernel',
      tone: worse ? 'bad' : 'odd',
    };
  }
  if (worse) return { words: 'refuses calls', title, tone: 'bad' };
  if (differences > 0) return { words: count(differences, 'odd answer'), title, tone: 'odd' };
  return { words: 'as expected', title: 'Every call is answered as Linux is known to', tone: 'good' };
}

const EVERY_VERSION: readonly PsciVersion[] = ['0.1', '0.2', '1.0', '1.1', '1.2', '1.3'];

/** The oldest and the newest, and what is missing between them. `accepted` is in order and has at least one. */
export function acceptedRange(accepted: readonly PsciVersion[]) {
  const [from, to] = [accepted[0] ?? '', accepted.at(-1) ?? ''];
  const missing = EVERY_VERSION.filter(
    (version) => version > from && version < to && !accepted.includes(version),
  );
  return { from, to, missing };
}

export const UPGRADE_STEPS = ['draining', 'awaitingReboot', 'checking', 'completed'] as const;
export type UpgradeStep = (typeof UPGRADE_STEPS)[number];

export const STEP_WORDS: Record<UpgradeStep, { title: string; text: string }> = {
  draining: {
    title: 'Empty the host',
    text: 'Its VMs are stopped, hibernated or moved, as each of them says.',
  },
  awaitingReboot: {
    title: 'Reboot it into the new kernel',
    text: 'Install the kernel and reboot the host now. It is noticed by itself.',
  },
  checking: {
    title: 'Compare what it accepts and answers',
    text: 'The agent measures the new kernel; it is held against what the host’s VMs have.',
  },
  completed: { title: 'Take runs again', text: 'The host is uncordoned, and its VMs are started again.' },
};

/** How a step stands: behind, under way, or still to come. `stuck`: it waits for a person. */
export function stepState(
  step: UpgradeStep,
  { status, after }: Pick<Maintenance, 'status' | 'after'>,
): 'done' | 'now' | 'stuck' | 'later' {
  const place = UPGRADE_STEPS.indexOf(step);
  if (status === 'cancelled') {
    // A new kernel was seen only once the host had been emptied and rebooted.
    return after !== null && place < UPGRADE_STEPS.indexOf('checking') ? 'done' : 'later';
  }
  const at = UPGRADE_STEPS.indexOf(status === 'differs' ? 'checking' : status);
  if (status === 'completed' || place < at) return 'done';
  if (place > at) return 'later';
  return status === 'differs' ? 'stuck' : 'now';
}

/** Hosts that want a look first: silent, then changed, then cordoned; then by name. */
export function byAttention(a: Host, b: Host): number {
  return attention(a) - attention(b) || a.name.localeCompare(b.name, 'en', { numeric: true });
}

function attention({ lease, fingerprint, cordoned }: Host): number {
  if (lease.state === 'expired') return 0;
  if (fingerprint?.changed === true || fingerprint?.worse === true) return 1;
  return cordoned ? 2 : 3;
}
