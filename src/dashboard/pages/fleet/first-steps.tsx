/** What to do on an empty fleet: enrol a host, add an image, create a VM. Each step says when it is done. */
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { LinkButton } from '../../components/actions/button.tsx';
import { Command } from '../../components/actions/copy.tsx';
import { Card } from '../../components/layout/card.tsx';
import { useCan } from '../../data/permissions.ts';
import { EnrolHost } from '../hosts/enrol-host.tsx';
import styles from './first-steps.module.css';

export function FirstSteps({ hosts, images }: { hosts: number; images: number }) {
  const mayCreate = useCan('operator');
  return (
    <Card title="First steps">
      <ol className={styles.steps}>
        <Step number={1} title="Enrol a host" done={hosts > 0}>
          <p>
            A host is an arm64 machine with <code>/dev/kvm</code>. It enrols with a token that is good once,
            and appears here within seconds.
          </p>
          <EnrolHost />
        </Step>
        <Step number={2} title="Add an image" done={images > 0}>
          <p>
            An image is an arm64 Linux <code>Image</code>, an initramfs if you like, and a command line.
            Upload its parts by their digest, then name it.
          </p>
          <Command label="Commands to add an image" text={imageCommands()} />
        </Step>
        <Step number={3} title="Create a VM" done={false}>
          <p>
            Choose how it comes to its PSCI version: its own pin, the fleet’s default, or its first host’s.
          </p>
          {mayCreate ? (
            <LinkButton to="/vms/new" tone={hosts > 0 && images > 0 ? 'primary' : 'plain'}>
              Create a VM
            </LinkButton>
          ) : (
            <p>Somebody with the role operator does that.</p>
          )}
        </Step>
      </ol>
    </Card>
  );
}

function Step({
  number,
  title,
  done,
  children,
}: {
  number: number;
  title: string;
  done: boolean;
  children: ReactNode;
}) {
  return (
    <li className={styles.step} data-done={done}>
      <span className={styles.mark} aria-hidden>
        {done ? <Check size={15} /> : number}
      </span>
      <h3>
        {title}
        {done && <span className="visually-hidden"> (done)</span>}
      </h3>
      {!done && <div className={styles.body}>{children}</div>}
    </li>
  );
}

function imageCommands(): string {
  return [
    'AUTH="Authorization: Bearer $(cat .holdfast/admin.token)"',
    'KERNEL=sha256:$(sha256sum Image | cut -d" " -f1)',
    `curl -fH "$AUTH" -T Image ${location.origin}/v1/blobs/$KERNEL`,
    `curl -fH "$AUTH" -H 'content-type: application/json' ${location.origin}/v1/images \\`,
    `  -d '{ "name": "my-image", "kernel": "'$KERNEL'", "initramfs": null, "cmdline": "console=ttyS0" }'`,
  ].join('\n');
}
