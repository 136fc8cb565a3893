import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  HALT,
  HOLD,
  PARKED,
  QUIT,
  RUNNING,
  STARTING,
  VcpuControl,
} from '../../../src/machine/vcpu-control.ts';

describe('the control words', () => {
  it('begin with every vCPU starting and the machine held', () => {
    const control = VcpuControl.allocate(8);
    expect(control.mode).toBe(HOLD);
    expect(Array.from({ length: 8 }, (_, vcpu) => control.state(vcpu))).toEqual(Array(8).fill(STARTING));
  });

  it('are shared by all handles on the buffer', () => {
    const control = VcpuControl.allocate(2);
    const other = new VcpuControl(control.buffer);
    other.setThread(1, 4711);
    other.setState(1, RUNNING);
    expect([control.thread(0), control.thread(1), control.state(0), control.state(1)]).toEqual([
      ...[0, 4711],
      ...[STARTING, RUNNING],
    ]);
  });

  it('tell only the first who halts the machine', () => {
    const control = VcpuControl.allocate(2);
    expect([control.add(HALT), control.add(HALT)]).toEqual([true, false]);
    control.remove(HOLD);
    expect(control.mode).toBe(HALT);
    control.add(QUIT);
    expect(control.mode).toBe(HALT | QUIT);
  });

  it('let a thread wait for a vCPU to leave a state', async () => {
    const control = VcpuControl.allocate(1);
    control.setState(0, RUNNING);
    let left = false;
    const waiting = control.leaves(0, RUNNING).then(() => {
      left = true;
    });
    await sleep(20);
    expect(left).toBe(false);
    control.setState(0, PARKED);
    await waiting;
    expect(left).toBe(true);
    await control.leaves(0, RUNNING);
  });
});
