/** Labelled form controls: the browser's own, with hint and error tied to them for screen readers. */
import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './field.module.css';

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

export function ChoiceGroup({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}
