/**
 * Checks the shape of JSON by hand: the run file, journal records, socket messages, and the API's answers to an agent.
 *
 * Workers and agents start while somebody waits for a guest, and a worker exists once per VM, so they do without a
 * schema library: TypeBox is some 400 modules, 0.15 s to load on a server and 5 s on an emulated host. The API checks
 * everything that reaches it with the TypeBox schemas beside this file; shapes are typed by them.
 */

/** Returns the value with its type known. `at` is a JSON pointer to it. @throws ShapeError */
export type Shape<T> = (value: unknown, at: string) => T;
export type Shaped<S> = S extends Shape<infer T> ? T : never;

export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  readonly at: string;

  constructor(at: string, expected: string) {
    super(`${at === '' ? 'the value' : at} must be ${expected}`);
    this.at = at;
  }
}

export const text: Shape<string> = (value, at) => {
  if (typeof value !== 'string') throw new ShapeError(at, 'a string');
  return value;
};

export const flag: Shape<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new ShapeError(at, 'true or false');
  return value;
};

export function integer(minimum = 0): Shape<number> {
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) {
      throw new ShapeError(at, `an integer of at least ${minimum}`);
    }
    return value;
  };
}

export const number: Shape<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ShapeError(at, 'a number');
  return value;
};

/** A UUID in lower case, as ids of VMs, runs and boots are part of paths. */
export const uuid: Shape<string> = (value, at) => {
  if (typeof value !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) {
    throw new ShapeError(at, 'a UUID in lower case');
  }
  return value;
};

export function oneOf<const T extends string | number>(...values: readonly T[]): Shape<T> {
  return (value, at) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new ShapeError(at, `one of ${values.join(', ')}`);
    return found;
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, at) => (value === null ? null : shape(value, at));
}

/** For a member that older senders do not know. */
export function orAbsent<T>(shape: Shape<T>, meaning: T): Shape<T> {
  return (value, at) => (value === undefined ? meaning : shape(value, at));
}

export function list<T>(shape: Shape<T>): Shape<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new ShapeError(at, 'an array');
    return value.map((item: unknown, index) => shape(item, `${at}/${index}`));
  };
}

/** An object whose members all have one shape. */
export function dictionary<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return (value, at) =>
    Object.fromEntries(
      Object.entries(entriesOf(value, at)).map(([name, member]) => [name, shape(member, `${at}/${name}`)]),
    );
}

type Members = Readonly<Record<string, Shape<unknown>>>;

type ObjectOf<M extends Members, O extends Members> = { [K in keyof M]: Shaped<M[K]> } & {
  [K in keyof O]?: Shaped<O[K]>;
};

/** An object with these members, those of `optional` if it likes, and no others. */
export function closed<M extends Members, O extends Members = Record<never, never>>(
  members: M,
  optional?: O,
): Shape<ObjectOf<M, O>> {
  return (value, at) => {
    const object = entriesOf(value, at);
    const known = { ...members, ...optional };
    const stray = Object.keys(object).find((name) => !Object.hasOwn(known, name));
    if (stray !== undefined) throw new ShapeError(`${at}/${stray}`, 'absent: no such member is known');
    return objectOf(members, optional, object, at);
  };
}

/**
 * An object with at least these members, and those of `optional` if it likes; others are dropped, so that a newer
 * version may say more.
 */
export function open<M extends Members, O extends Members = Record<never, never>>(
  members: M,
  optional?: O,
): Shape<ObjectOf<M, O>> {
  return (value, at) => objectOf(members, optional, entriesOf(value, at), at);
}

function objectOf<M extends Members, O extends Members>(
  members: M,
  optional: O | undefined,
  object: Record<string, unknown>,
  at: string,
): ObjectOf<M, O> {
  const given = Object.entries(optional ?? {}).filter(([name]) => object[name] !== undefined);
  return { ...pick(members, object, at), ...pick(Object.fromEntries(given), object, at) } as ObjectOf<M, O>;
}

function entriesOf(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeError(at, 'an object');
  }
  return Object.fromEntries(Object.entries(value));
}

function pick<M extends Members>(
  members: M,
  object: Record<string, unknown>,
  at: string,
): { [K in keyof M]: Shaped<M[K]> } {
  const picked: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) picked[name] = shape(object[name], `${at}/${name}`);
  return picked as { [K in keyof M]: Shaped<M[K]> };
}
