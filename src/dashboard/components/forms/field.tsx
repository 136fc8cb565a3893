/** Labelled form controls: the browser's own, with hint and error tied to them for screen readers. */
import { type ComponentProps, type ReactNode, useEffect, useEffectEvent, useId, useState } from 'react';

import styles from './field.module.css';

/** Milliseconds without a key until what was typed is searched for. */
const TYPING_MS = 250;

interface Labelled {
  label: string;
  hint?: ReactNode;
  error?: string | null | undefined;
}

function useDescription({ hint, error }: Labelled) {
  const id = useId();
  const described = [error ? `${id}-error` : null, hint ? `${id}-hint` : null].filter(Boolean).join(' ');
  return {
    id,
    aria: {
      'aria-invalid': error ? true : undefined,
      'aria-describedby': described === '' ? undefined : described,
    },
    below: (
      <>
        {hint && (
          <span className={styles.hint} id={`${id}-hint`}>
            {hint}
          </span>
        )}
        {error && (
          <span className={styles.error} id={`${id}-error`}>
            {error}
          </span>
        )}
      </>
    ),
  };
}

export function TextField({
  label,
  hint,
  error,
  ...input
}: Labelled & Omit<ComponentProps<'input'>, 'id' | 'className'>) {
  const { id, aria, below } = useDescription({ label, hint, error });
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input {...input} {...aria} id={id} className={styles.input} />
      {below}
    </div>
  );
}

export function SelectField({
  label,
  hint,
  error,
  children,
  ...select
}: Labelled & Omit<ComponentProps<'select'>, 'id' | 'className'>) {
  const { id, aria, below } = useDescription({ label, hint, error });
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <select {...select} {...aria} id={id} className={styles.input}>
        {children}
      </select>
      {below}
    </div>
  );
}

/** A select for filters: small, its label for screen readers only. */
export function FilterSelect({
  label,
  children,
  ...select
}: { label: string } & Omit<ComponentProps<'select'>, 'id' | 'className' | 'aria-label'>) {
  return (
    <select {...select} aria-label={label} className={`${styles.input} ${styles.small}`}>
      {children}
    </select>
  );
}

/** A text field for filters: small, its label for screen readers only. */
export function FilterInput({
  label,
  ...input
}: { label: string } & Omit<ComponentProps<'input'>, 'id' | 'className' | 'aria-label'>) {
  return <input {...input} aria-label={label} className={`${styles.input} ${styles.small}`} />;
}

/** Searches when one stops typing, not at every key. */
export function SearchField({
  value,
  onSearch,
  ...input
}: {
  label: string;
  placeholder: string;
  maxLength: number;
  /** What is searched for now. */
  value: string;
  onSearch: (text: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const [asked, setAsked] = useState(value);
  if (known !== value) {
    setKnown(value);
    // It may change by other ways, such as the browser's back button; one's own search comes back late, when more has
    // perhaps been typed.
    if (value !== asked) setTyped(value);
  }
  const text = typed.trim();
  const search = useEffectEvent(() => {
    if (text === value) return;
    setAsked(text);
    onSearch(text);
  });
  useEffect(() => {
    const timer = setTimeout(() => search(), text === '' ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <FilterInput {...input} type="search" value={typed} onChange={({ target }) => setTyped(target.value)} />
  );
}

/** A span of time for filters, typed in local time; an end that is undefined is open. */
export function FilterRange({
  since,
  until,
  onChange,
}: {
  /** RFC 3339. */
  since: string | undefined;
  until: string | undefined;
  onChange: (end: 'since' | 'until', moment: string) => void;
}) {
  return (
    <div className={styles.range}>
      <FilterTime label="From" value={since} onChange={(moment) => onChange('since', moment)} />
      <FilterTime label="Until" value={until} onChange={(moment) => onChange('until', moment)} />
    </div>
  );
}

function FilterTime({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  /** Empty: none. */
  onChange: (moment: string) => void;
}) {
  return (
    <label className={styles.inline}>
      <span>{label}</span>
      <input
        type="datetime-local"
        className={`${styles.input} ${styles.small}`}
        value={value === undefined ? '' : localMinute(new Date(value))}
        onChange={({ target }) => onChange(target.value === '' ? '' : new Date(target.value).toISOString())}
      />
    </label>
  );
}

/** As `datetime-local` has it: `2026-01-31T12:00`, in local time. */
function localMinute(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** A checkbox or a radio button with its label and what it means. */
export function Choice({
  label,
  hint,
  ...input
}: { label: ReactNode; hint?: ReactNode; type: 'checkbox' | 'radio' } & Omit<
  ComponentProps<'input'>,
  'id' | 'className' | 'type'
>) {
  const id = useId();
  return (
    <div className={styles.choice}>
      <input {...input} id={id} aria-describedby={hint ? `${id}-hint` : undefined} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className={styles.hint} id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

/** One of several, each with what it means. */
export function RadioGroup<T extends string>({
  legend,
  choices,
  value,
  onChange,
}: {
  legend: string;
  choices: readonly { value: T; label: string; hint?: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <Choice
          key={choice.value}
          type="radio"
          name={name}
          label={choice.label}
          hint={choice.hint}
          checked={choice.value === value}
          onChange={() => onChange(choice.value)}
        />
      ))}
    </fieldset>
  );
}
