/** A vCPU as a guest of this host first finds it, on a scratch VM. */
import { Kvm } from '../../kvm/kvm.ts';
import { SavedVcpu } from '../../kvm/saved-vcpu.ts';

export interface FreshVcpu extends Disposable {
  readonly registers: SavedVcpu;
}

/** Made with the features of `createVm` in machine.ts. @throws KvmError */
export function freshVcpu(psci02: boolean): FreshVcpu {
  using stack = new DisposableStack();
  const kvm = stack.use(Kvm.open());
  const vm = stack.use(kvm.createVm());
  const vcpu = stack.use(vm.createVcpu(0));
  vcpu.init({ target: vm.preferredTarget(), psci02, startsOff: false });
  const owned = stack.move();
  return { registers: new SavedVcpu(vcpu.handle.fd), [Symbol.dispose]: () => owned.dispose() };
}
