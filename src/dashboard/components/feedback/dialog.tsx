/** A question that must be answered before anything else: focus stays inside it, Escape cancels. */
import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import type { Point } from '../../model/vm-actions.ts';
import { Button } from '../actions/button.tsx';
import styles from './dialog.module.css';

export function ConfirmDialog({
  open,
  title,
  points,
  confirm,
  tone,
  busy,
  disabled = false,
  onConfirm,
  onCancel,
  children,
}: {
  open: boolean;
  title: string;
  /** What will happen, one sentence each. */
  points: readonly Point[];
  /** The words on the button that does it. */
  confirm: string;
  tone: 'primary' | 'danger';
  busy: boolean;
  disabled?: boolean;
  onConfirm: () => void;
  onCancel: () => void;
  children?: ReactNode;
}) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && !busy && onCancel()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.popup}>
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              onConfirm();
            }}
          >
            <div className={styles.body}>
              <AlertDialog.Description
                render={
                  <ul className={styles.points}>
                    {points.map(({ text, weight }) => (
                      <li key={text} data-weight={weight}>
                        {text}
                      </li>
                    ))}
                  </ul>
                }
              />
              {children}
            </div>
            <div className={styles.footer}>
              <Button onClick={onCancel} disabled={busy}>
                Cancel
              </Button>
              <Button type="submit" tone={tone} disabled={busy || disabled}>
                {busy ? 'Asking…' : confirm}
              </Button>
            </div>
          </form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
