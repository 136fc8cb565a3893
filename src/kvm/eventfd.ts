/** An eventfd: a counter that one side raises and the other waits for. KVM takes one for ioeventfd and irqfd. */
import { Descriptor } from './descriptor.ts';
import { check } from './errno.ts';
import { eventfd } from './libc.ts';

export class EventFd implements Disposable {
  readonly #descriptor: Descriptor;

  /** @throws KvmError */
  constructor() {
    this.#descriptor = new Descriptor(check(eventfd(), 'eventfd'), 'eventfd');
  }

  /** For other threads; they read and write it, and leave closing to this handle. */
  get fd(): number {
    return this.#descriptor.fd;
  }

  close(): void {
    this.#descriptor.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
