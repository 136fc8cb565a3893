/** A guest's firmware interface in JSON, as event records and run files carry it; checked by hand (see shape.ts). */
import {
  FIRMWARE_REGISTER_NAMES,
  type FirmwareAbi,
  type FirmwareRegisters,
  type IdRegisters,
  isRegisterValue,
} from '../psci/firmware.ts';
import { PSCI_VERSIONS } from '../psci/versions.ts';
import { flag, integer, list, nullable, oneOf, open, type Shape, ShapeError, text } from './shape.ts';

const registerValue: Shape<string> = (value, at) => {
  if (isRegisterValue(value)) return value;
  throw new ShapeError(at, '"0x" and 1 to 16 hexadecimal digits');
};

/** Registers that the sender does not know are absent from its host as far as anybody can tell. */
export const firmwareRegisters: Shape<FirmwareRegisters> = (value, at) => {
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  if (object === null) throw new ShapeError(at, 'an object');
  const members = new Map<string, unknown>(Object.entries(object));
  return Object.fromEntries(
    FIRMWARE_REGISTER_NAMES.map((name) => [
      name,
      nullable(registerValue)(members.get(name) ?? null, `${at}/${name}`),
    ]),
  ) as FirmwareRegisters;
};

const idRegisters: Shape<IdRegisters> = (value, at) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ShapeError(at, 'an object');
  const members = Object.entries(value);
  return Object.fromEntries(members.map(([name, text]) => [name, registerValue(text, `${at}/${name}`)]));
};

export const firmwareAbi: Shape<FirmwareAbi> = open(
  {
    psci: oneOf(...PSCI_VERSIONS),
    psci02: flag,
    systemSuspend: flag,
    registers: firmwareRegisters,
    psciCompatible: list(text),
    mpidrs: list(integer()),
  },
  { idRegisters },
);
