/** The question of a preflight: as it is chosen in the form, asked of the API, and told. Pure. */
import type { NewPreflight, Preflight, PsciVersion, Verdict } from '../data/types.ts';
import { count } from './format.ts';
import { type LabelDraft, selectorWords, toSelector } from './selector.ts';

export interface QuestionDraft {
  which: 'host' | 'labels';
  hostId: string;
  labels: readonly LabelDraft[];
  target: 'version' | 'host' | 'fingerprint';
  version: PsciVersion;
  likeHostId: string;
  fingerprint: string;
}

/** Null while something is missing. */
export function toQuestion(draft: QuestionDraft): NewPreflight | null {
  const target = targetOf(draft);
  if (target === null) return null;
  if (draft.which === 'labels') return { hostSelector: toSelector(draft.labels), target };
  return draft.hostId === '' ? null : { hostId: draft.hostId, target };
}

function targetOf({
  target,
  version,
  likeHostId,
  fingerprint,
}: QuestionDraft): NewPreflight['target'] | null {
  switch (target) {
    case 'version':
      return { version };
    case 'host':
      return likeHostId === '' ? null : { hostId: likeHostId };
    case 'fingerprint':
      return fingerprint === '' ? null : { fingerprint };
  }
}

/** Which hosts it is about. `hostName` of the one that is asked about, where it is known. */
export function whoWords({ hostId, hostSelector }: NewPreflight, hostName: string | null): string {
  if (hostId !== undefined) return hostName ?? 'a host';
  return selectorWords(hostSelector ?? {}, 'every host');
}

export const VERDICTS: readonly Verdict[] = ['cannotResume', 'cannotStart', 'seesChange', 'keeps'];

export const VERDICT_WORDS: Record<Verdict, string> = {
  keeps: 'keeps its firmware',
  seesChange: 'sees a change',
  cannotStart: 'could not start',
  cannotResume: 'could not go on',
};

/** The answer in one sentence. */
export function answerWords({ keeps, seesChange, cannotStart, cannotResume }: Preflight['counts']): string {
  const total = keeps + seesChange + cannotStart + cannotResume;
  if (total === 0) return 'No VM is on these hosts: the change shows nothing to anybody.';
  const lost = cannotStart + cannotResume;
  if (lost === 0 && seesChange === 0) {
    return total === 1
      ? 'The one VM there keeps its firmware.'
      : `All ${total.toLocaleString('en')} VMs keep their firmware.`;
  }
  const parts = [
    ...(lost === 0 ? [] : [`${count(lost, 'VM')} could not start or go on there`]),
    ...(seesChange === 0 ? [] : [`${count(seesChange, 'VM')} would be shown a change`]),
    ...(keeps === 0 ? [] : [`${count(keeps, 'VM')} would notice nothing`]),
  ];
  return `${parts.join('; ')}.`;
}
