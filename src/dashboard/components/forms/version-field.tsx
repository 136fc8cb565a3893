/** Choosing a PSCI version, or what is offered in its place; and what speaks against the one that is chosen. */
import type { ReactNode } from 'react';
import type { PsciVersion, PsciVersionInfo } from '../../data/types.ts';
import { versionWords } from '../../model/pin-words.ts';
import { Notice } from '../feedback/notice.tsx';
import { Choice, SelectField } from './field.tsx';

interface Other<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

export function VersionField<T extends string = never>({
  label,
  name,
  versions,
  others = [],
  value,
  hint,
  onChange,
}: {
  label: string;
  name?: string;
  /** Oldest first. */
  versions: readonly PsciVersionInfo[];
  others?: readonly Other<T>[];
  value: PsciVersion | T;
  /** What is said of the chosen version, unless it is given. */
  hint?: ReactNode;
  onChange: (value: PsciVersion | T) => void;
}) {
  const chosen = versions.find(({ version }) => version === value);
  const words =
    chosen === undefined ? others.find((other) => other.value === value)?.hint : versionWords(chosen);
  return (
    <SelectField
      label={label}
      name={name}
      value={value}
      hint={hint === undefined ? words : hint}
      onChange={({ target }) => {
        const next =
          others.find((other) => other.value === target.value)?.value ??
          versions.find(({ version }) => version === target.value)?.version;
        if (next !== undefined) onChange(next);
      }}
    >
      {versions.toReversed().map(({ version }) => (
        <option key={version} value={version}>
          PSCI {version}
        </option>
      ))}
      {others.map((other) => (
        <option key={other.value} value={other.value}>
          {other.label}
        </option>
      ))}
    </SelectField>
  );
}

export function VersionNotices({
  chosen,
  consequence,
  allowInsecure,
  onAllow,
}: {
  chosen: PsciVersionInfo | undefined;
  /** Of there being no host that accepts it. */
  consequence: string;
  allowInsecure: boolean;
  onAllow: (allowInsecure: boolean) => void;
}) {
  if (chosen === undefined) return null;
  return (
    <>
      {chosen.hosts === 0 && (
        <Notice tone="warning">
          No host accepts PSCI {chosen.version}: {consequence}
        </Notice>
      )}
      {chosen.insecure && (
        <Notice tone="danger" title={`PSCI ${chosen.version} is below the security floor`}>
          <p>Its guests find no SMCCC 1.1 mitigations (Spectre and later). Use 1.0 or newer where you can.</p>
          <Choice
            type="checkbox"
            label="Allow it all the same"
            hint="This is recorded in the audit."
            checked={allowInsecure}
            onChange={({ target }) => onAllow(target.checked)}
          />
        </Notice>
      )}
    </>
  );
}
