import { describe, expect, it } from 'vitest';
import {
  currentTrace,
  formatTraceparent,
  newSpanId,
  parseTraceparent,
  withTrace,
} from '../../../src/trace/context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it.each([
    [`00-${traceId}-${spanId}-01`, true],
    [`00-${traceId}-${spanId}-00`, false],
    [`00-${traceId}-${spanId}-03`, true],
    [`cc-${traceId}-${spanId}-01-of-a-later-version`, true],
  ])('is read from %s', (header, sampled) => {
    expect(parseTraceparent(header)).toEqual({ traceId, spanId, sampled });
  });

  it.each([
    [undefined],
    [''],
    [`00-${traceId}-${spanId}`],
    [`00-${traceId}-${spanId}-01-more`],
    [`ff-${traceId}-${spanId}-01`],
    [`00-${'0'.repeat(32)}-${spanId}-01`],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [`00-${traceId.toUpperCase()}-${spanId}-01`],
    [[`00-${traceId}-${spanId}-01`]],
  ])('is not read from %j', (header) => {
    expect(parseTraceparent(header)).toBeNull();
  });

  it('is written as it was read', () => {
    for (const header of [`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-00`]) {
      const context = parseTraceparent(header);
      expect(context === null ? null : formatTraceparent(context)).toBe(header);
    }
    expect(newSpanId()).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the current trace', () => {
  it('is that of whoever awaits, and of nobody else', async () => {
    const context = { traceId, spanId, sampled: true };
    const seen = withTrace(context, async () => {
      await Promise.resolve();
      return currentTrace();
    });
    expect(currentTrace()).toBeNull();
    expect(await seen).toEqual(context);
  });
});
