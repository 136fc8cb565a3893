import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { firmwareFor } from '../../../src/psci/firmware.ts';
import { FirmwareAbi } from '../../../src/wire/event.ts';
import { firmwareAbi } from '../../../src/wire/firmware.ts';
import { ShapeError } from '../../../src/wire/shape.ts';
import { journalEntry } from '../../../src/worker/records.ts';
import { REGISTERS } from '../../peer/facts.ts';
import { eventEntry } from '../worker/records.ts';

const firmware = firmwareFor({ psci: '1.1', systemSuspend: true, vcpus: 2 }, REGISTERS);

describe('firmware in JSON', () => {
  it('comes back as it was, by hand and by schema', () => {
    const json: unknown = JSON.parse(JSON.stringify(firmware));
    expect(firmwareAbi(json, '')).toEqual(firmware);
    expect(Value.Check(FirmwareAbi, json)).toBe(true);
  });

  it('of a newer release loses what is not known here, of an older one lacks what it did not know', () => {
    const { VENDOR_HYP_BMAP_2: _, ...older } = REGISTERS;
    const registers = { ...older, VENDOR_HYP_BMAP_3: '0x1' };
    expect(firmwareAbi({ ...firmware, registers, more: 1 }, '')).toEqual({
      ...firmware,
      registers: { ...REGISTERS, VENDOR_HYP_BMAP_2: null },
    });
  });

  it.each([
    ['a version that does not exist', { psci: '1.4' }],
    ['a value without 0x', { registers: { ...REGISTERS, STD_BMAP: '1' } }],
    ['a value with a leading zero', { registers: { ...REGISTERS, STD_BMAP: '0x01' } }],
    ['a value of more than 64 bits', { registers: { ...REGISTERS, STD_BMAP: '0x10000000000000000' } }],
    ['registers in a list', { registers: [] }],
    ['affinities that are no numbers', { mpidrs: ['0x0'] }],
  ])('is refused with %s', (_, fields) => {
    expect(() => firmwareAbi({ ...firmware, ...fields }, '')).toThrow(ShapeError);
    expect(Value.Check(FirmwareAbi, { ...firmware, ...fields })).toBe(false);
  });

  it('is in a journal where the worker tells it, and need not be', () => {
    const entry = eventEntry(1, { kind: 'started', firmware });
    expect(journalEntry(JSON.parse(JSON.stringify(entry)), '')).toEqual(entry);
    const plain = eventEntry(1, { kind: 'started' });
    expect(journalEntry(JSON.parse(JSON.stringify(plain)), '')).toEqual(plain);
  });
});
