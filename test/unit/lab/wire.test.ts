import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader, frameKind } from '../../../src/lab/wire.ts';

describe('FrameReader', () => {
  it('cuts frames wherever the stream was cut', () => {
    const stream = Buffer.concat([
      encodeFrame(frameKind.control, '{"a":1}'),
      encodeFrame(frameKind.stdin, ''),
      encodeFrame(frameKind.stdout, Buffer.alloc(300, 7)),
    ]);
    for (const size of [1, 3, 5, 64, stream.length]) {
      const reader = new FrameReader();
      const frames = [];
      for (let at = 0; at < stream.length; at += size)
        frames.push(...reader.push(stream.subarray(at, at + size)));
      expect(frames.map(({ kind, payload }) => [kind, payload.length])).toEqual([
        [frameKind.control, 7],
        [frameKind.stdin, 0],
        [frameKind.stdout, 300],
      ]);
    }
  });
});
