import { describe, expect, it } from 'vitest';
import { draftErrors, EMPTY_DRAFT, toNewVm, type VmDraft } from '../../../../src/dashboard/model/vm-draft.ts';

const draft: VmDraft = { ...EMPTY_DRAFT, name: 'web-1', imageId: '0199aa00-0000-7000-8000-000000000001' };
const disk = (key: number, fields: object = {}) => ({
  key,
  name: `disk-${key}`,
  sizeMiB: '64',
  readOnly: false,
  ...fields,
});

describe('a draft', () => {
  it('has no errors when everything is as the API wants it', () => {
    expect(draftErrors({ ...draft, disks: [disk(1), disk(2)] })).toEqual({});
  });
  it.each(['', '_web', '-web', 'web-', 'a b', 'a/b', 'x'.repeat(64)])('may not be named %j', (name) => {
    expect(Object.keys(draftErrors({ ...draft, name }))).toEqual(['name']);
  });
  it.each(['0', '9', '1.5', '', ' ', 'two'])('may not have %j vCPUs', (vcpus) => {
    expect(Object.keys(draftErrors({ ...draft, vcpus }))).toEqual(['vcpus']);
  });
  it.each(['0', '-5', '0.5', '', 'much'])('may not have %j MiB of memory', (memoryMiB) => {
    expect(Object.keys(draftErrors({ ...draft, memoryMiB }))).toEqual(['memoryMiB']);
  });
  it('needs disks with a name each, a size, and no name twice', () => {
    const disks = [
      disk(1, { name: '' }),
      disk(2, { sizeMiB: '0' }),
      disk(3, { name: 'x' }),
      disk(4, { name: 'x' }),
    ];
    expect(Object.keys(draftErrors({ ...draft, disks }))).toEqual(['disk 1', 'disk 2', 'disk 3', 'disk 4']);
  });
});

describe('what is sent', () => {
  it('has a version only with the policy that takes one', () => {
    const version = { version: '1.3', allowInsecure: false } as const;
    expect(toNewVm({ ...draft, policy: 'pinned', ...version }).psci).toEqual({
      policy: 'pinned',
      ...version,
    });
    expect(toNewVm({ ...draft, policy: 'latest', ...version }).psci).toEqual({ policy: 'latest' });
  });
  it('has the labels that are written down, and none that cannot be', () => {
    const labels = [{ key: 0, name: ' team ', value: 'a' }];
    expect(toNewVm({ ...draft, labels }).labels).toEqual({ team: 'a' });
    expect(draftErrors({ ...draft, labels })).toEqual({});
    const twice = [...labels, { key: 1, name: 'team', value: 'b' }];
    expect(Object.keys(draftErrors({ ...draft, labels: twice }))).toEqual(['labels']);
  });
  it('has numbers where numbers are meant, and no keys of the form', () => {
    expect(toNewVm({ ...draft, disks: [disk(7)], startNow: false })).toMatchObject({
      vcpus: 1,
      memoryMiB: 512,
      disks: [{ name: 'disk-7', sizeMiB: 64, readOnly: false }],
      powerState: 'stopped',
    });
    expect(toNewVm({ ...draft, disks: [disk(7)] }).disks?.[0]).not.toHaveProperty('key');
  });
});
