/** Creating a VM. The form checks what it can; the API has the last word, and its objections are shown as they are. */
import { Plus, Trash2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { Button, IconButton, LinkButton } from '../../components/actions/button.tsx';
import { Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Choice, SelectField, TextField } from '../../components/forms/field.tsx';
import { LabelsField } from '../../components/forms/labels-field.tsx';
import { NameField } from '../../components/forms/name-field.tsx';
import { Card } from '../../components/layout/card.tsx';
import { PageHead } from '../../components/layout/page.tsx';
import { newIdempotencyKey } from '../../data/api.ts';
import { useCan, useWhoami } from '../../data/permissions.ts';
import { useCreateVm, useImages } from '../../data/queries.ts';
import type { Image } from '../../data/types.ts';
import { type DiskDraft, draftErrors, EMPTY_DRAFT, toNewVm, type VmDraft } from '../../model/vm-draft.ts';
import { PsciChoice } from './psci-choice.tsx';
import styles from './vm-new.module.css';

export function VmNewPage() {
  const images = useImages();
  const who = useWhoami();
  const mayCreate = useCan('operator');
  return (
    <>
      <PageHead title="Create a VM" crumb={<Link to="/vms">VMs</Link>} />
      {images.isError && <Problem error={images.error} title="The images cannot be read" />}
      {images.isPending && <Loading what="images" />}
      {images.data !== undefined && images.data.length === 0 && (
        <Notice tone="warning" title="There is no image yet">
          <p>
            A VM needs an image to boot. <Link to="/">The first steps</Link> show how to add one.
          </p>
        </Notice>
      )}
      {who.data !== undefined && !mayCreate && (
        <Notice tone="warning" title="Creating VMs needs the role operator">
          <p>You are signed in as {who.data.role}.</p>
        </Notice>
      )}
      {mayCreate && images.data !== undefined && images.data.length > 0 && <VmForm images={images.data} />}
    </>
  );
}

function VmForm({ images }: { images: readonly Image[] }) {
  const navigate = useNavigate();
  const create = useCreateVm();
  const [draft, setDraft] = useState<VmDraft>({ ...EMPTY_DRAFT, imageId: images[0]?.id ?? '' });
  // Said after the first attempt only: nobody wants to be told off while still typing.
  const [tried, setTried] = useState(false);
  // One key for this VM: a second click, or a retry after a lost answer, makes no second one. Another body, another key.
  const key = useRef({ body: '', key: '' });
  const errors = tried ? draftErrors(draft) : {};
  const change = (part: Partial<VmDraft>) => setDraft((current) => ({ ...current, ...part }));

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setTried(true);
    if (Object.keys(draftErrors(draft)).length > 0) {
      const form = event.currentTarget;
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    const vm = toNewVm(draft);
    const body = JSON.stringify(vm);
    if (key.current.body !== body) key.current = { body, key: newIdempotencyKey() };
    create.mutate(
      { vm, idempotencyKey: key.current.key },
      { onSuccess: ({ id }) => void navigate(`/vms/${id}`) },
    );
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Card title="Machine">
        <div className={styles.grid}>
          <NameField
            placeholder="web-1"
            value={draft.name}
            error={errors.name}
            onChange={(name) => change({ name })}
          />
          <SelectField
            label="Image"
            name="image"
            value={draft.imageId}
            error={errors.imageId}
            onChange={(event) => change({ imageId: event.target.value })}
          >
            {images.map((image) => (
              <option key={image.id} value={image.id}>
                {image.name}
                {image.kernelVersion === null ? '' : ` (Linux ${image.kernelVersion})`}
              </option>
            ))}
          </SelectField>
          <TextField
            label="vCPUs"
            name="vcpus"
            inputMode="numeric"
            value={draft.vcpus}
            error={errors.vcpus}
            onChange={(event) => change({ vcpus: event.target.value })}
          />
          <TextField
            label="Memory (MiB)"
            name="memory"
            inputMode="numeric"
            value={draft.memoryMiB}
            error={errors.memoryMiB}
            onChange={(event) => change({ memoryMiB: event.target.value })}
          />
          <div className={styles.wide}>
            <TextField
              label="Kernel command line (optional)"
              name="cmdline"
              autoComplete="off"
              spellCheck={false}
              hint="Appended to the image’s own."
              value={draft.cmdline}
              onChange={(event) => change({ cmdline: event.target.value })}
            />
          </div>
        </div>
      </Card>
      <Card title="Labels">
        <LabelsField
          legend="What it is for"
          none="None. Policies, rollouts and the scopes of tokens choose VMs by their labels."
          some="Policies, rollouts and the scopes of tokens choose it by these."
          labels={draft.labels}
          tried={tried}
          onChange={(labels) => change({ labels })}
        />
      </Card>
      <Card title="Disks">
        <Disks disks={draft.disks} errors={errors} onChange={(disks) => change({ disks })} />
      </Card>
      <Card title="PSCI version">
        <PsciChoice
          value={{ policy: draft.policy, version: draft.version, allowInsecure: draft.allowInsecure }}
          onChange={change}
        />
      </Card>
      <Choice
        type="checkbox"
        label="Start it when it is created"
        hint="When no host has room for it, it waits as “pending”."
        checked={draft.startNow}
        onChange={(event) => change({ startNow: event.target.checked })}
      />
      {create.isError && <Problem error={create.error} title="The VM was not created" />}
      <div className={styles.submit}>
        <Button type="submit" tone="primary" disabled={create.isPending}>
          {create.isPending ? 'Creating…' : 'Create the VM'}
        </Button>
        <LinkButton to="/vms">Cancel</LinkButton>
      </div>
    </form>
  );
}

function Disks({
  disks,
  errors,
  onChange,
}: {
  disks: readonly DiskDraft[];
  errors: ReturnType<typeof draftErrors>;
  onChange: (disks: readonly DiskDraft[]) => void;
}) {
  const edit = (key: number, part: Partial<DiskDraft>) =>
    onChange(disks.map((disk) => (disk.key === key ? { ...disk, ...part } : disk)));
  const add = () =>
    onChange([
      ...disks,
      {
        key: Math.max(0, ...disks.map(({ key }) => key)) + 1,
        name: disks.length === 0 ? 'root' : '',
        sizeMiB: '1024',
        readOnly: false,
      },
    ]);
  return (
    <div className={styles.disks}>
      {disks.length === 0 && <p>None. A guest that is to hibernate needs a writable disk for its swap.</p>}
      {disks.map((disk) => (
        <div key={disk.key} className={styles.disk}>
          <TextField
            label="Disk name"
            autoComplete="off"
            spellCheck={false}
            value={disk.name}
            error={errors[`disk ${disk.key}`]}
            onChange={(event) => edit(disk.key, { name: event.target.value })}
          />
          <TextField
            label="Size (MiB)"
            inputMode="numeric"
            value={disk.sizeMiB}
            onChange={(event) => edit(disk.key, { sizeMiB: event.target.value })}
          />
          <Choice
            type="checkbox"
            label="Read-only"
            checked={disk.readOnly}
            onChange={(event) => edit(disk.key, { readOnly: event.target.checked })}
          />
          <IconButton
            label={`Remove disk ${disk.name}`}
            onClick={() => onChange(disks.filter(({ key }) => key !== disk.key))}
          >
            <Trash2 size={16} aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button onClick={add}>
        <Plus size={16} aria-hidden />
        Add a disk
      </Button>
    </div>
  );
}
