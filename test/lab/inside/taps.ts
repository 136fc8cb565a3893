/** Taps on a bridge of their own, as the agent makes them for a network. */
import { execFileSync } from 'node:child_process';

const BRIDGE = 'hf-test';

export function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

export class Taps implements Disposable {
  readonly names: readonly string[];

  constructor(count: number) {
    this.names = Array.from({ length: count }, (_, i) => `${BRIDGE}${i}`);
    ip('link', 'add', BRIDGE, 'type', 'bridge');
    ip('link', 'set', BRIDGE, 'up');
    for (const tap of this.names) {
      ip('tuntap', 'add', tap, 'mode', 'tap');
      ip('link', 'set', tap, 'master', BRIDGE, 'up');
    }
  }

  name(index: number): string {
    const name = this.names[index];
    if (name === undefined) throw new RangeError(`There is no tap ${index}.`);
    return name;
  }

  [Symbol.dispose](): void {
    for (const tap of this.names) ip('link', 'delete', tap);
    ip('link', 'delete', BRIDGE);
  }
}
