import { describe, expect, it } from 'vitest';
import {
  answerTo,
  type DhcpRequest,
  parseRequest,
  type Reservation,
} from '../../../../src/agent/network/dhcp-message.ts';
import { addressOf, cidrOf } from './wanted.ts';

const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const DECLINE = 4;
const ACK = 5;
const NAK = 6;
const RELEASE = 7;
const INFORM = 8;
const MAC = [0x52, 0x54, 0, 0xab, 0xcd, 0xef];
const ADDRESS = addressOf('10.2.7.9');
const GATEWAY = [10, 2, 0, 1];

const OUTSIDE: Reservation = {
  address: ADDRESS,
  cidr: cidrOf('10.2.0.0/16'),
  outside: true,
  resolvers: ['10.0.2.3', '1.1.1.1', '8.8.8.8', '9.9.9.9'].map(addressOf),
};

/** A request as a client sends it; `ciaddr` and `giaddr` in `head`, by their place. */
function message(options: number[], head: Record<number, number[]> = {}): Uint8Array {
  const bytes = new Uint8Array(240 + options.length);
  bytes.set([1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
  bytes.set([0x80, 0], 10);
  bytes.set(MAC, 28);
  bytes.set([0x63, 0x82, 0x53, 0x63], 236);
  bytes.set(options, 240);
  for (const [at, value] of Object.entries(head)) bytes.set(value, Number(at));
  return bytes;
}

function parsed(options: number[], head: Record<number, number[]> = {}): DhcpRequest {
  const request = parseRequest(message(options, head));
  if (request === null) throw new Error('not taken for a request');
  return request;
}

/** What a client reads in an answer. */
function read(answer: Uint8Array | null) {
  if (answer === null) return null;
  const options: Record<number, number[]> = {};
  for (let at = 240; answer[at] !== 255; at += 2 + (answer[at + 1] ?? 0)) {
    options[answer[at] ?? 0] = [...answer.subarray(at + 2, at + 2 + (answer[at + 1] ?? 0))];
  }
  return { op: answer[0], xid: [...answer.subarray(4, 8)], yiaddr: [...answer.subarray(16, 20)], options };
}

describe('requests', () => {
  it('are read with their options in any order, padded or not', () => {
    const options = [
      0,
      0,
      61,
      3,
      9,
      8,
      7,
      50,
      4,
      10,
      2,
      7,
      9,
      53,
      1,
      REQUEST,
      54,
      4,
      ...GATEWAY,
      255,
      1,
      200,
    ];
    expect(parsed(options)).toEqual({
      type: REQUEST,
      xid: 0xdeadbeef,
      flags: 0x8000,
      ciaddr: 0,
      giaddr: 0,
      mac: '52:54:00:ab:cd:ef',
      requested: ADDRESS,
      server: addressOf('10.2.0.1'),
      clientId: Uint8Array.of(9, 8, 7),
    });
    expect(parsed([53, 1, DISCOVER]).type).toBe(DISCOVER);
  });

  const nonsense: [string, Uint8Array][] = [
    ['nothing', new Uint8Array(0)],
    ['half a header', message([]).subarray(0, 200)],
    ['an answer', message([53, 1, OFFER, 255], { 0: [2] })],
    ['other hardware', message([53, 1, DISCOVER, 255], { 1: [6] })],
    ['a longer MAC', message([53, 1, DISCOVER, 255], { 2: [16] })],
    ['no cookie', message([53, 1, DISCOVER, 255], { 236: [0] })],
    ['no type', message([50, 4, 10, 2, 7, 9, 255])],
    ['a type of two bytes', message([53, 2, 1, 1, 255])],
    ['an option beyond the end', message([53, 1, DISCOVER, 50, 40, 1])],
    ['an option without a length', message([53, 1, DISCOVER, 50])],
  ];
  it.each(nonsense)('%s is none', (_what, bytes) => {
    expect(parseRequest(bytes)).toBeNull();
  });

  it('whatever comes is read or refused, and whatever is read is answered or not, without an error', () => {
    // xorshift32: the same bytes in every run.
    let state = 0x9e3779b9;
    const random = (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    const seed = message([53, 1, REQUEST, 50, 4, 10, 2, 7, 9, 54, 4, ...GATEWAY, 61, 7, 1, ...MAC, 255]);
    let read = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = seed.slice(0, random(4) === 0 ? random(seed.length + 1) : seed.length);
      for (let change = random(6); change > 0 && bytes.length > 0; change--)
        bytes[random(bytes.length)] = random(256);
      const request = parseRequest(bytes);
      if (request === null) continue;
      read += 1;
      const answer = answerTo(request, OUTSIDE);
      if (answer !== null) expect(answer.length).toBeLessThanOrEqual(548);
    }
    expect(read).toBeGreaterThan(5_000);
  });
});

describe('answers', () => {
  const SETTINGS = {
    1: [255, 255, 0, 0],
    3: GATEWAY,
    6: [10, 0, 2, 3, 1, 1, 1, 1, 8, 8, 8, 8],
    28: [10, 2, 255, 255],
    54: GATEWAY,
  };

  it('offer the reserved address for ever, with all that a guest needs', () => {
    const answer = answerTo(parsed([53, 1, DISCOVER, 61, 2, 1, 2]), OUTSIDE);
    expect(read(answer)).toEqual({
      op: 2,
      xid: [0xde, 0xad, 0xbe, 0xef],
      yiaddr: [10, 2, 7, 9],
      options: { 53: [OFFER], 51: [255, 255, 255, 255], 61: [1, 2], ...SETTINGS },
    });
    expect(answer?.length).toBeGreaterThanOrEqual(300);
    expect([...(answer?.subarray(28, 34) ?? [])]).toEqual(MAC);
  });

  it('name no router and no resolver in a network that leads nowhere', () => {
    const found = read(answerTo(parsed([53, 1, DISCOVER]), { ...OUTSIDE, outside: false }));
    expect(Object.keys(found?.options ?? {})).toEqual(['1', '28', '51', '53', '54']);
  });

  it.each<[string, number[], Record<number, number[]>, number | null]>([
    ['a request for it', [50, 4, 10, 2, 7, 9, 54, 4, ...GATEWAY], {}, ACK],
    ['a request for it after a reboot', [50, 4, 10, 2, 7, 9], {}, ACK],
    ['a renewal', [], { 12: [10, 2, 7, 9] }, ACK],
    ['a request for another', [50, 4, 10, 2, 7, 10], {}, NAK],
    ['a renewal of another', [], { 12: [192, 168, 0, 5] }, NAK],
    ['a request of another server', [50, 4, 10, 2, 7, 9, 54, 4, 10, 2, 0, 2], {}, null],
    ['a request for nothing', [], {}, null],
    ['a request through a relay', [50, 4, 10, 2, 7, 9], { 24: [10, 9, 9, 9] }, null],
  ])('to %s', (_what, options, head, expected) => {
    const found = read(answerTo(parsed([53, 1, REQUEST, ...options], head), OUTSIDE));
    expect(found?.options[53] ?? null).toEqual(expected === null ? null : [expected]);
    if (expected === NAK) expect(found).toMatchObject({ yiaddr: [0, 0, 0, 0], options: { 54: GATEWAY } });
  });

  it('tell one who has his address the rest, without a lease', () => {
    const found = read(answerTo(parsed([53, 1, INFORM], { 12: [10, 2, 7, 9] }), OUTSIDE));
    expect(found).toMatchObject({ yiaddr: [0, 0, 0, 0], options: { 53: [ACK], ...SETTINGS } });
    expect(found?.options).not.toHaveProperty('51');
  });

  it.each([DECLINE, RELEASE, OFFER, 99])('to type %d there is none', (type) => {
    expect(answerTo(parsed([53, 1, type]), OUTSIDE)).toBeNull();
  });
});
