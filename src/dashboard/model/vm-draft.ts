/** A VM while it is being written down in the form: what is typed, what is wrong with it, what is sent. Pure. */
import type { NewVm, PsciPolicyName, PsciVersion } from '../data/types.ts';
import { isName, isWhole, NAME_RULE } from './draft-rules.ts';
import { type LabelDraft, labelErrors, toSelector } from './selector.ts';

export interface DiskDraft {
  /** Names the row while it is edited. */
  key: number;
  name: string;
  sizeMiB: string;
  readOnly: boolean;
}

export interface VmDraft {
  name: string;
  imageId: string;
  vcpus: string;
  memoryMiB: string;
  cmdline: string;
  labels: readonly LabelDraft[];
  disks: readonly DiskDraft[];
  policy: PsciPolicyName;
  version: PsciVersion;
  allowInsecure: boolean;
  startNow: boolean;
}

export const EMPTY_DRAFT: VmDraft = {
  name: '',
  imageId: '',
  vcpus: '1',
  memoryMiB: '512',
  cmdline: '',
  labels: [],
  disks: [],
  policy: 'inherit',
  version: '1.1',
  allowInsecure: false,
  startNow: true,
};

export type DraftErrors = Partial<
  Record<'name' | 'imageId' | 'vcpus' | 'memoryMiB' | 'labels' | `disk ${number}`, string>
>;

const MOST_VCPUS = 8;

export function draftErrors(draft: VmDraft): DraftErrors {
  const errors: DraftErrors = {};
  if (!isName(draft.name)) {
    errors.name = NAME_RULE;
  }
  if (draft.imageId === '') errors.imageId = 'Choose an image.';
  if (!isWhole(draft.vcpus, 1, MOST_VCPUS)) errors.vcpus = `Use a whole number from 1 to ${MOST_VCPUS}.`;
  if (!isWhole(draft.memoryMiB, 1)) errors.memoryMiB = 'Use a whole number of MiB.';
  if (labelErrors(draft.labels).size > 0) errors.labels = 'Some labels cannot be used.';
  for (const disk of draft.disks) {
    const twice = draft.disks.some((other) => other.key !== disk.key && other.name === disk.name);
    if (!isName(disk.name)) errors[`disk ${disk.key}`] = NAME_RULE;
    else if (twice) errors[`disk ${disk.key}`] = 'Another disk has this name.';
    else if (!isWhole(disk.sizeMiB, 1))
      errors[`disk ${disk.key}`] = 'Give its size as a whole number of MiB.';
  }
  return errors;
}

/** The body of `POST /v1/vms`. The draft must have no errors. */
export function toNewVm(draft: VmDraft): NewVm {
  return {
    name: draft.name,
    imageId: draft.imageId,
    vcpus: Number(draft.vcpus),
    memoryMiB: Number(draft.memoryMiB),
    cmdline: draft.cmdline,
    labels: toSelector(draft.labels),
    disks: draft.disks.map(({ name, sizeMiB, readOnly }) => ({ name, sizeMiB: Number(sizeMiB), readOnly })),
    psci:
      draft.policy === 'pinned'
        ? { policy: 'pinned', version: draft.version, allowInsecure: draft.allowInsecure }
        : { policy: draft.policy },
    powerState: draft.startNow ? 'running' : 'stopped',
  };
}
