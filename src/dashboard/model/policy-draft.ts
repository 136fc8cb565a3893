/** A fleet policy while it is being written in the form. Pure. */
import type { NewPolicy, Policy } from '../data/types.ts';
import { isName, NAME_RULE } from './draft-rules.ts';
import { type LabelDraft, labelErrors, toDrafts, toSelector } from './selector.ts';

export interface PolicyDraft {
  name: string;
  labels: readonly LabelDraft[];
  version: Policy['version'];
  priority: string;
  enforcement: Policy['enforcement'];
}

export const NEW_POLICY: PolicyDraft = {
  name: '',
  labels: [],
  version: '1.1',
  priority: '0',
  enforcement: 'enforce',
};

const MOST_PRIORITY = 1_000_000;

export function toPolicyDraft({ name, selector, version, priority, enforcement }: Policy): PolicyDraft {
  return { name, labels: toDrafts(selector), version, priority: String(priority), enforcement };
}

export interface PolicyErrors {
  name?: string;
  priority?: string;
  labels: ReadonlyMap<number, string>;
}

export function policyErrors(draft: PolicyDraft): PolicyErrors {
  return {
    ...(isName(draft.name) ? {} : { name: NAME_RULE }),
    ...(isPriority(draft.priority)
      ? {}
      : { priority: 'Use a whole number between -1,000,000 and 1,000,000.' }),
    labels: labelErrors(draft.labels),
  };
}

export function hasErrors({ name, priority, labels }: PolicyErrors): boolean {
  return name !== undefined || priority !== undefined || labels.size > 0;
}

/** The draft must have no errors. */
export function toPolicy({ name, labels, version, priority, enforcement }: PolicyDraft): NewPolicy {
  return { name, selector: toSelector(labels), version, priority: Number(priority), enforcement };
}

/** What a dry run can be asked about already: a policy whose name alone is missing has one made up. */
export function toProposal(draft: PolicyDraft): NewPolicy | null {
  const { priority, labels } = policyErrors(draft);
  if (priority !== undefined || labels.size > 0) return null;
  return toPolicy(isName(draft.name) ? draft : { ...draft, name: 'unnamed' });
}

function isPriority(text: string): boolean {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) && Math.abs(number) <= MOST_PRIORITY;
}

/** Above every enforced policy, so that the new one ties with none: two that could select one VM must differ in it. */
export function freePriority(policies: readonly Pick<Policy, 'priority' | 'enforcement'>[]): number {
  const taken = policies
    .filter(({ enforcement }) => enforcement === 'enforce')
    .map(({ priority }) => priority);
  return taken.length === 0 ? 0 : Math.min(MOST_PRIORITY, Math.max(...taken) + 1);
}
