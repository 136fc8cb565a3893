/** Choosing a host by its name. */
import type { ReactNode } from 'react';
import { SelectField } from '../../components/forms/field.tsx';
import type { Host } from '../../data/types.ts';

export function HostSelect({
  label,
  hosts,
  value,
  hint,
  none = 'Choose a host',
  onChange,
}: {
  label: string;
  hosts: readonly Host[];
  /** Empty: none is chosen. */
  value: string;
  hint?: ReactNode;
  none?: string;
  onChange: (hostId: string) => void;
}) {
  const sorted = hosts.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return (
    <SelectField label={label} hint={hint} value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">{none}</option>
      {sorted.map(({ id, name, kernel }) => (
        <option key={id} value={id}>
          {name} ({kernel})
        </option>
      ))}
    </SelectField>
  );
}
