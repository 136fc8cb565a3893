/** What each VM of a rollout is asked from outside before it counts as healthy. */
import { SelectField, TextField } from '../../components/forms/field.tsx';
import { useCan } from '../../data/permissions.ts';
import type { ProbeDraft, RolloutErrors } from '../../model/rollout-draft.ts';

const KINDS = [
  { value: 'none', label: 'nothing: it runs, and stays up' },
  { value: 'http', label: 'an HTTP request' },
  { value: 'tcp', label: 'a TCP connection' },
] as const;

const REACH = 'The API asks, so it must reach this address: the networks of guests end at their host.';
const PLACES = '{name}, {id} and {address} stand for the VM’s own and that of its first NIC.';

export function ProbeField({
  probe,
  errors,
  onChange,
}: {
  probe: ProbeDraft;
  errors: RolloutErrors['probe'];
  onChange: (probe: ProbeDraft) => void;
}) {
  const may = useCan('admin');
  const text = (field: Exclude<keyof ProbeDraft, 'kind'>, label: string, hint: string, placeholder = '') => (
    <TextField
      label={label}
      name={`probe-${field}`}
      autoComplete="off"
      spellCheck={false}
      inputMode={field === 'status' || field === 'port' ? 'numeric' : 'text'}
      placeholder={placeholder}
      hint={hint}
      value={probe[field]}
      error={errors[field]}
      onChange={({ target }) => onChange({ ...probe, [field]: target.value })}
    />
  );
  return (
    <>
      <SelectField
        label="Asked whether it is well, by"
        name="probe"
        value={probe.kind}
        disabled={!may}
        hint={may ? undefined : 'Probing from the API needs the role admin.'}
        onChange={({ target }) => {
          const kind = KINDS.find(({ value }) => value === target.value)?.value;
          if (kind !== undefined) onChange({ ...probe, kind });
        }}
      >
        {KINDS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      {probe.kind === 'http' && (
        <>
          {text('url', 'Address to get', `${REACH} ${PLACES}`, 'http://{name}.example:8080/health')}
          {text('status', 'Status that is well', 'Empty: any 2xx. It is given 3 seconds.', '200')}
        </>
      )}
      {probe.kind === 'tcp' && (
        <>
          {text('host', 'Host to connect to', `${REACH} ${PLACES}`, '{name}.example')}
          {text('port', 'Port', 'It is given 3 seconds.', '22')}
        </>
      )}
    </>
  );
}
