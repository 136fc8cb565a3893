/** What a device without guest memory needs, with a recorder of its interrupt's level. */
import type { DeviceContext } from '../../../../src/machine/devices/device.ts';
import { Lock } from '../../../../src/machine/lock.ts';

export class LevelBoard {
  /** Levels given to the interrupt controller, in order. */
  readonly levels: [spi: number, high: boolean][] = [];
  readonly context: Pick<DeviceContext, 'lock' | 'setInterrupt'> = {
    lock: new Lock(Lock.allocate()),
    setInterrupt: (spi, high) => this.levels.push([spi, high]),
  };

  /** Levels since the last call. */
  take(): boolean[] {
    return this.levels.splice(0).map(([, high]) => high);
  }
}
