/**
 * VMs as they were last written. Making the JSON of a VM costs more than anything else of a read, and most reads find it as
 * the one before did. Nothing is taken for true: each read asks Postgres for the versions of its VMs (vm-query.ts), and
 * what it did not find at the same version before is read and written anew.
 */
import type { Control } from '../../control/control.ts';
import type { PageOf } from '../../control/database/page.ts';
import { listVms, type VersionedVm, type VmFilter, type VmVersion } from '../../control/vms/vm-query.ts';
import { getVm } from '../../control/vms/vms.ts';
import type { Vm } from '../schemas/vm.ts';
import { presentVm } from './vm.ts';

/** Characters of all that is kept: some ten thousand VMs. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

export interface WrittenVm {
  readonly revision: number;
  readonly json: string;
}

interface Kept extends WrittenVm {
  readonly version: string;
}

export class WrittenVms {
  readonly #control: Control;
  readonly #write: (vm: Vm) => string;
  /** By id; the one that was written first comes first. */
  readonly #kept = new Map<string, Kept>();
  #characters = 0;

  /** `write`: as the schema of a VM says. */
  constructor(control: Control, write: (vm: Vm) => string) {
    this.#control = control;
    this.#write = write;
  }

  /** `look`: for its version, begun already. Throws VM_NOT_FOUND. */
  async find(vmId: string, look = this.#control.reads.vmVersion(vmId)): Promise<WrittenVm> {
    const found = await look;
    const kept = found === undefined ? null : this.#keptAt(found);
    return kept ?? this.#written(await getVm(this.#control, vmId));
  }

  /** A page of `filter` as JSON. One that changes meanwhile so that it is no longer of the filter's is left out. */
  async page({ items, nextPageToken }: PageOf<VmVersion>, filter: VmFilter): Promise<string> {
    const kept = new Map(items.map((item) => [item.id, this.#keptAt(item)]));
    const ids = items.map(({ id }) => id).filter((id) => kept.get(id) === null);
    const anew =
      ids.length === 0
        ? []
        : await listVms(this.#control.pool, { ...filter, ids }, { afterId: null, limit: ids.length });
    const writtenAnew = new Map(anew.map((vm) => [vm.id, this.#written(vm)]));
    const texts = items.flatMap(({ id }) => (kept.get(id) ?? writtenAnew.get(id))?.json ?? []);
    return `{"items":[${texts.join(',')}],"nextPageToken":${JSON.stringify(nextPageToken)}}`;
  }

  #keptAt({ id, version }: VmVersion): WrittenVm | null {
    const kept = this.#kept.get(id);
    return kept !== undefined && kept.version === version ? kept : null;
  }

  #written(vm: VersionedVm): WrittenVm {
    const { id, revision, version } = vm;
    const json = this.#write(presentVm(vm));
    this.#forget(id);
    if (version !== null) {
      this.#kept.set(id, { revision, json, version });
      this.#characters += json.length;
      while (this.#characters > MOST_CHARACTERS) {
        const [first] = this.#kept.keys();
        if (first === undefined) break;
        this.#forget(first);
      }
    }
    return { revision, json };
  }

  #forget(id: string): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    this.#kept.delete(id);
    this.#characters -= kept.json.length;
  }
}
