/** Selectors: the labels that something must have, as they are typed and as they are told. Pure. */

export type Selector = Readonly<Record<string, string>>;

/** A row of the form while it is edited. */
export interface LabelDraft {
  /** Names the row. */
  key: number;
  name: string;
  value: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;

/** `team: a, zone: b`; `everything` where it selects all. */
export function selectorWords(selector: Selector, everything: string): string {
  const pairs = Object.entries(selector).map(([name, value]) => `${name}: ${value}`);
  return pairs.length === 0 ? everything : pairs.join(', ');
}

export function toDrafts(selector: Selector): LabelDraft[] {
  return Object.entries(selector).map(([name, value], key) => ({ key, name, value }));
}

export function toSelector(drafts: readonly LabelDraft[]): Selector {
  return Object.fromEntries(drafts.map(({ name, value }) => [name.trim(), value.trim()]));
}

/** By row: what is wrong with it. */
export function labelErrors(drafts: readonly LabelDraft[]): Map<number, string> {
  const errors = new Map<number, string>();
  for (const { key, name } of drafts) {
    const twice = drafts.some((other) => other.key < key && other.name.trim() === name.trim());
    if (!NAME.test(name.trim())) {
      errors.set(
        key,
        'Use letters, digits, dots, underscores, hyphens and slashes; begin with a letter or digit.',
      );
    } else if (twice) errors.set(key, 'This label is there already.');
  }
  return errors;
}
