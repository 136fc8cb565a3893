import { describe, expect, it, vi } from 'vitest';
import { ConsoleInput } from '../../../src/machine/console-input.ts';

/** A guest with room for `room` bytes. */
function guest(room: number) {
  const state = { room, got: '' };
  const input = new ConsoleInput((bytes) => {
    const taken = bytes.subarray(0, state.room);
    state.got += Buffer.from(taken).toString('latin1');
    state.room -= taken.length;
    return taken.length;
  });
  return { state, input };
}

describe('console input', () => {
  it('is passed on at once while there is room', () => {
    const { state, input } = guest(100);
    input.write(Buffer.from('power'));
    input.write(Buffer.from('off\n'));
    expect(state.got).toBe('poweroff\n');
  });

  it('waits for room, in order', async () => {
    const { state, input } = guest(3);
    input.write(Buffer.from('abcdef'));
    input.write(Buffer.from('ghi'));
    expect(state.got).toBe('abc');
    state.room = 2;
    await vi.waitFor(() => expect(state.got).toBe('abcde'));
    state.room = 100;
    await vi.waitFor(() => expect(state.got).toBe('abcdefghi'));
  });

  it('is bounded', async () => {
    const { state, input } = guest(0);
    input.write(new Uint8Array(100_000));
    state.room = 1_000_000;
    await vi.waitFor(() => expect(state.got.length).toBe(64 * 1024));
  });

  it('ends when closed', async () => {
    const { state, input } = guest(0);
    input.write(Buffer.from('lost'));
    input.close();
    state.room = 100;
    input.write(Buffer.from('kept'));
    expect(state.got).toBe('kept');
  });
});
