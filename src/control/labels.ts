/** Labels of hosts and VMs, and the selectors that match them. */
import { MOST_LABELS } from '../wire/agent.ts';
import { Refusal } from './refusals.ts';

export type Labels = Record<string, string>;
/** A merge patch (RFC 7396): null removes a key and, for the whole, all keys. */
export type LabelsPatch = Record<string, string | null> | null;

/** For a filter: pairs, since one key may be asked for with two values, which nothing has. */
export type LabelPair = readonly [key: string, value: string];

/** As the right side of `labels @>`. */
export function labelJson([key, value]: LabelPair): string {
  return JSON.stringify({ [key]: value });
}

/** Throws VALIDATION_FAILED when more labels would result than may be. */
export function mergeLabels(labels: Labels, patch: LabelsPatch | undefined): Labels {
  if (patch === undefined) return labels;
  const all: [string, string | null][] = Object.entries({ ...(patch === null ? {} : labels), ...patch });
  const merged = all.filter((entry): entry is [string, string] => entry[1] !== null);
  if (merged.length > MOST_LABELS) {
    throw new Refusal(
      'VALIDATION_FAILED',
      `There would be ${merged.length} labels; at most ${MOST_LABELS} may be.`,
    );
  }
  return Object.fromEntries(merged);
}
