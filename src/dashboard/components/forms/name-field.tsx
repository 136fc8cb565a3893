/** The name of something new. */
import { TextField } from './field.tsx';

export function NameField({
  value,
  placeholder,
  error,
  onChange,
}: {
  value: string;
  placeholder: string;
  error: string | undefined;
  onChange: (name: string) => void;
}) {
  return (
    <TextField
      label="Name"
      name="name"
      autoComplete="off"
      spellCheck={false}
      placeholder={placeholder}
      value={value}
      error={error}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
