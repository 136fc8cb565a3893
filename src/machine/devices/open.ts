/** Opens a thread's object for a device from its description. */
import type { DeviceContext, DeviceSpec, MmioDevice } from './device.ts';
import { Uart } from './uart.ts';
import { VirtioBlock } from './virtio-block.ts';
import { VirtioInput } from './virtio-input.ts';

export function openDevice(spec: DeviceSpec, context: DeviceContext): MmioDevice {
  switch (spec.kind) {
    case 'uart':
      return new Uart(spec, context);
    case 'virtio-block':
      return new VirtioBlock(spec, context);
    case 'virtio-input':
      return new VirtioInput(spec, context);
  }
}
