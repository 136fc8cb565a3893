/** The kinds of values that settings have. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { LABEL_KEY_PATTERN, NAME_PATTERN, TEXT_PATTERN } from '../wire/text.ts';
import { Invalid, type Kind } from './setting.ts';

/** 32 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** As a kind checks a string whose text and file forms are the same. */
function fromString<T>(
  schema: Kind<T>['schema'],
  read: (text: string, base: string) => T,
  expected: string,
): Kind<T> {
  return {
    fromText: (text, { base }) => read(text, base),
    fromFile: (value, { base }) => {
      if (typeof value !== 'string') throw new Invalid(`must be ${expected}`);
      return read(value, base);
    },
    schema: { type: 'string', ...schema },
  };
}

/** Any text but none at all, or what `pattern` takes and `expected` says in words. */
export function text(pattern = /./, expected = 'some text'): Kind<string> {
  const read = (value: string): string => {
    if (!pattern.test(value)) throw new Invalid(`must be ${expected}`);
    return value;
  };
  return fromString({ pattern: pattern.source }, read, expected);
}

export function choice<const T extends string>(...values: readonly T[]): Kind<T> {
  const expected = `one of ${values.join(', ')}`;
  const read = (value: string): T => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new Invalid(`must be ${expected}`);
    return found;
  };
  return fromString({ enum: values }, read, expected);
}

/** A path of this machine; relative to the working directory or, in a file, to the file's directory. */
export const path: Kind<string> = fromString(
  { minLength: 1 },
  (value, base) => {
    if (value === '') throw new Invalid('must be a path');
    return resolve(base, value);
  },
  'a path',
);

/** Without a trailing slash. */
export const httpUrl: Kind<string> = fromString({ format: 'uri', pattern: '^https?://' }, readUrl, 'a URL');

function readUrl(value: string): string {
  const url = URL.parse(value);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Invalid('must be a URL such as https://holdfast.example');
  }
  if (url.username !== '' || url.password !== '') {
    const said = 'must not hold a user or a password: credentials have settings or files of their own';
    throw new Invalid(said, { secret: true });
  }
  return url.href.replace(/\/+$/, '');
}

/** As `name` in EnrolRequest (wire/agent.ts). */
export const hostName: Kind<string> = text(
  new RegExp(NAME_PATTERN),
  '1 to 63 letters, digits, dots, underscores and hyphens, with a letter or digit at both ends',
);

/** A whole number from `least` to `most`, in `unit`. */
export function whole(least: number, most: number, unit = ''): Kind<number> {
  const of = unit === '' ? '' : ` of ${unit}`;
  const expected = `a whole number${of} from ${least} to ${most}`;
  const check = (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
      throw new Invalid(`must be ${expected}`);
    }
    return value;
  };
  return {
    // Number() takes more than digits: '', '1e3', '0x10'.
    fromText: (value) => check(/^\d+$/.test(value) ? Number(value) : value),
    fromFile: check,
    schema: { type: 'integer', minimum: least, maximum: most },
  };
}

const positiveNumber = (value: unknown): number => {
  if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value)) {
    throw new Invalid('must be a number above 0');
  }
  return value;
};

export const positive: Kind<number> = {
  fromText: (value) => positiveNumber(Number(value)),
  fromFile: positiveNumber,
  schema: { type: 'number', exclusiveMinimum: 0 },
};

export const yesNo: Kind<boolean> = {
  fromText: (value) => {
    if (value !== 'true' && value !== 'false') throw new Invalid('must be true or false');
    return value === 'true';
  },
  fromFile: (value) => {
    if (typeof value !== 'boolean') throw new Invalid('must be true or false');
    return value;
  },
  schema: { type: 'boolean' },
};

/** IP addresses and ranges (10.0.0.0/8), commas between several; in a file an array. */
export const addresses: Kind<readonly string[]> = {
  fromText: (value) => value.split(',').map((part) => address(part.trim())),
  fromFile: (value) => {
    if (!Array.isArray(value)) throw new Invalid('must be an array of addresses');
    return value.map(address);
  },
  schema: { type: 'array', items: { type: 'string' } },
};

function address(value: unknown): string {
  const [ip = '', prefix, ...rest] = typeof value === 'string' ? value.split('/') : [];
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(ip)] ?? -1;
  const fits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most);
  if (most === -1 || !fits || rest.length > 0) {
    throw new Invalid('must be IP addresses or ranges such as 10.0.0.0/8');
  }
  return prefix === undefined ? ip : `${ip}/${prefix}`;
}

const LABEL_KEY = new RegExp(LABEL_KEY_PATTERN);
const LABEL_VALUE = new RegExp(TEXT_PATTERN);
const LONGEST_LABEL = 63;

/** KEY=VALUE, commas between several; in a file an object. */
export const labels: Kind<Readonly<Record<string, string>>> = {
  fromText: (value) => labelsOf(value.split(',')),
  fromTexts: labelsOf,
  fromFile: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Invalid('must be an object of labels');
    }
    return Object.fromEntries(Object.entries(value).map(([key, of]) => label(key, of)));
  },
  schema: {
    type: 'object',
    propertyNames: { pattern: LABEL_KEY_PATTERN },
    additionalProperties: { type: 'string', maxLength: LONGEST_LABEL, pattern: TEXT_PATTERN },
  },
};

function labelsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Invalid('must be KEY=VALUE');
      return label(pair.slice(0, at), pair.slice(at + 1));
    }),
  );
}

/** As Labels in wire/agent.ts. */
function label(key: string, value: unknown): [string, string] {
  if (!LABEL_KEY.test(key)) throw new Invalid(`must have keys like "zone", not "${key}"`);
  if (typeof value !== 'string' || value.length > LONGEST_LABEL || !LABEL_VALUE.test(value)) {
    throw new Invalid(`must have at most ${LONGEST_LABEL} printable characters as the value of "${key}"`);
  }
  return [key, value];
}

/** Keys of 32 bytes in base64, commas between several; in a file a list. */
export const keys: Kind<readonly string[]> = {
  fromText: (value) => keysOf(value.split(',').map((part) => part.trim())),
  fromFile: (value) => {
    if (!Array.isArray(value)) throw new Invalid('must be a list of keys');
    return keysOf(value);
  },
  schema: { type: 'array', items: { type: 'string', pattern: KEY.source } },
};

function keysOf(values: readonly unknown[]): string[] {
  return values.map((value) => {
    if (typeof value === 'string' && KEY.test(value)) return value;
    throw new Invalid('must be keys of 32 bytes in base64, as openssl rand -base64 32 makes them');
  });
}

/** Ranges of addresses in CIDR notation, commas between several; in a file a list. */
export const networks: Kind<readonly string[]> = {
  fromText: (value) => networksOf(value.split(',').map((part) => part.trim())),
  fromFile: (value) => {
    if (!Array.isArray(value)) throw new Invalid('must be a list of networks');
    return networksOf(value);
  },
  schema: { type: 'array', items: { type: 'string', pattern: '^[0-9a-fA-F:.]+/[0-9]{1,3}$' } },
};

function networksOf(values: readonly unknown[]): string[] {
  return values.map((value) => {
    const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(String(value)) ?? [];
    const family = isIP(address);
    if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) {
      throw new Invalid('must be networks such as 10.0.0.0/8 or fd00::/8');
    }
    return `${address}/${bits}`;
  });
}
