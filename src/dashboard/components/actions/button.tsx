/** Buttons, and links that look like them. */
import type { ComponentProps, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';
import styles from './button.module.css';

type Tone = 'plain' | 'primary' | 'danger' | 'quiet';

const classOf = (tone: Tone, extra?: string) =>
  [styles.button, tone === 'plain' ? undefined : styles[tone], extra].filter(Boolean).join(' ');

export function Button({
  tone = 'plain',
  ...rest
}: { tone?: Tone } & Omit<ComponentProps<'button'>, 'className'>) {
  return <button type="button" {...rest} className={classOf(tone)} />;
}

export function LinkButton({ tone = 'plain', ...rest }: { tone?: Tone } & Omit<LinkProps, 'className'>) {
  return <Link {...rest} className={classOf(tone)} />;
}

/** A button that shows an icon alone; `label` is its name for screen readers and its tooltip. */
export function IconButton({
  label,
  children,
  ...rest
}: { label: string; children: ReactNode } & Omit<
  ComponentProps<'button'>,
  'className' | 'aria-label' | 'title'
>) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={classOf('quiet', styles.icon)}
    >
      {children}
    </button>
  );
}
