/** Short news of what an action came to. Errors stay until they are closed. */
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentenceOf } from '../../data/problems.ts';
import { IconButton } from '../actions/button.tsx';
import styles from './toast.module.css';

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport}>
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  return Toast.useToastManager().toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast}>
      <Toast.Title className={styles.title} />
      <Toast.Close
        render={
          <IconButton label="Close">
            <X size={16} aria-hidden />
          </IconButton>
        }
      />
      <Toast.Description className={styles.description} />
    </Toast.Root>
  ));
}

export function useToast() {
  const { add } = Toast.useToastManager();
  return {
    done: (title: string, description?: string) => add({ title, description, type: 'done' }),
    failed: (title: string, error: unknown) =>
      add({
        title,
        description: sentenceOf(error),
        type: 'error',
        priority: 'high',
        timeout: 0,
      }),
  };
}
