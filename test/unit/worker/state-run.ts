/** The worker's state machine, fed one input after the other. */
import type { DecodedSystemEvent } from '../../../src/psci/system-event.ts';
import type { OnGuest } from '../../../src/wire/agent.ts';
import type { WorkerRequest } from '../../../src/worker/protocol.ts';
import type { RequestKind } from '../../../src/worker/records.ts';
import { type Effect, type Input, initialState, type State, transition } from '../../../src/worker/state.ts';

const AT = '2026-01-02T03:04:05.678Z';
export const STOPS: OnGuest = { poweroff: 'stop', reset: 'restart', crash: 'stop' };
export const GUEST_KINDS = ['poweroff', 'hibernate', 'reset', 'suspend', 'crash'] as const;

export function bootId(count: number): string {
  return `01890000-0000-7000-8000-b${String(count).padStart(11, '0')}`;
}

export function intentId(count: number): string {
  return `01890000-0000-7000-8000-a${String(count).padStart(11, '0')}`;
}

export function request(kind: RequestKind, intent: number | null = 1): Input {
  const asked: WorkerRequest = {
    intentId: intent === null ? null : intentId(intent),
    kind,
    timeoutSeconds: kind === 'stop' || kind === 'hibernate' ? 60 : null,
    reason: null,
  };
  return { type: 'request', request: asked };
}

export function guest(boot: number, kind: DecodedSystemEvent['kind']): Input {
  const event: DecodedSystemEvent = { kind, psci: null, kvm: { type: 1, data: [] } };
  return { type: 'guest', bootId: bootId(boot), event };
}

/** Feeds inputs one after the other; the n-th reboot gets boot id n + 1. */
export class Run {
  state: State;
  effects: Effect[] = [];
  /** The monotonic clock, in milliseconds. */
  now = 1_000;
  #boots = 1;

  constructor(onGuest: OnGuest = STOPS, restoring = false) {
    this.state = initialState(bootId(1), onGuest, restoring);
  }

  feed(...inputs: Input[]): Effect[] {
    const seen: Effect[] = [];
    for (const input of inputs) {
      const chance = { at: AT, now: this.now, newBootId: bootId(this.#boots + 1) };
      const step = transition(this.state, input, chance);
      if (step.state.bootId !== this.state.bootId) this.#boots += 1;
      this.state = step.state;
      seen.push(...step.effects);
    }
    this.effects.push(...seen);
    return seen;
  }
}

export function running(onGuest?: OnGuest): Run {
  const run = new Run(onGuest);
  run.feed({ type: 'begin' }, { type: 'made', bootId: bootId(1) });
  return run;
}

/** Effects in short: `event:poweroff!` is final, `answer:-CODE` a refusal. */
export function short(effects: readonly Effect[]): string {
  return effects
    .map((effect) => {
      if (effect.do === 'event') return `event:${effect.event.kind}${effect.event.final ? '!' : ''}`;
      if (effect.do === 'journal') return `journal:${effect.entry.type}`;
      if (effect.do === 'answer')
        return effect.refusal === null ? 'answer' : `answer:-${effect.refusal.code}`;
      if (effect.do === 'exit') return `exit:${effect.code}`;
      if (effect.do === 'wait') return `wait:${effect.ms / 1_000}`;
      return effect.do;
    })
    .join(' ');
}
