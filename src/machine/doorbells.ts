/** How a virtio device is joined to KVM: its place, its interrupt and the doorbells of its queues. */
import { EventFd } from '../kvm/eventfd.ts';
import type { Vm } from '../kvm/vm.ts';
import { QUEUE_NOTIFY_OFFSET } from './devices/virtio-mmio.ts';
import { virtioSlot } from './layout.ts';

/** Where a slot is, with its interrupt bound to an eventfd that pulses it. `resources` takes over the eventfd. */
export function virtioPlace(
  vm: Vm,
  slot: number,
  resources: AsyncDisposableStack,
): { readonly base: number; readonly spi: number; readonly irqFd: number } {
  const place = virtioSlot(slot);
  const event = resources.use(new EventFd());
  vm.bindInterrupt(event.fd, place.spi);
  return { ...place, irqFd: event.fd };
}

/** Has the driver's notifications of a queue signal an eventfd. `base` is the address of the device's registers. */
export function bindQueue(vm: Vm, base: number, queue: number, eventFd: number): void {
  vm.bindDoorbell({ eventFd, address: base + QUEUE_NOTIFY_OFFSET, length: 4, value: BigInt(queue) });
}
