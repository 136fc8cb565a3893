/** Things to take along: commands and ids, with a button that copies them. */
import { Check, Copy, Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { shortId } from '../../model/format.ts';
import { Button, IconButton } from './button.tsx';
import styles from './copy.module.css';

/** Whether it was just copied, and what copies it; null where the browser does not allow that. */
function useCopy(text: () => string): [boolean, (() => void) | null] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  // Browsers give the clipboard to pages from HTTPS or localhost only.
  if (navigator.clipboard === undefined) return [false, null];
  return [copied, () => void navigator.clipboard.writeText(text()).then(() => setCopied(true))];
}

function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, copy] = useCopy(() => text);
  if (copy === null) return null;
  return (
    <IconButton label={copied ? 'Copied' : `Copy ${what}`} onClick={copy}>
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    </IconButton>
  );
}

/** The address as it is now, for a colleague. */
export function CopyLink({ what }: { what: string }) {
  const [copied, copy] = useCopy(() => location.href);
  if (copy === null) return null;
  return (
    <Button onClick={copy} title={`Copy ${what}`}>
      {copied ? <Check size={16} aria-hidden /> : <Link2 size={16} aria-hidden />}
      {copied ? 'Copied' : 'Copy link'}
    </Button>
  );
}

export function Command({ text, label }: { text: string; label: string }) {
  return (
    <div className={styles.line}>
      {/* A box that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset groups controls, not text */}
      <pre tabIndex={0} aria-label={label} role="group">
        <code>{text}</code>
      </pre>
      <CopyButton text={text} what={label} />
    </div>
  );
}

export function Id({ id, what }: { id: string; what: string }) {
  return (
    <span className={styles.id}>
      <code title={id}>{shortId(id)}</code>
      <CopyButton text={id} what={what} />
    </span>
  );
}
