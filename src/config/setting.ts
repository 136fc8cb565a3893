/**
 * What a setting is: a name in a configuration file, in the environment and perhaps on the command line, one kind of
 * value, a default, and a sentence. Everything that reads, checks or documents configuration goes by these.
 *
 * Without a schema library: the agent reads its settings while somebody waits for a host (wire/shape.ts says more).
 */

/** A configuration that cannot be used; the message says what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What is wrong with one value, to be put behind its name: "must be …". */
export class Invalid extends Error {
  override readonly name = 'Invalid';
  /** Whether the value holds a secret that does not belong there. */
  readonly secret: boolean;

  constructor(message: string, { secret = false } = {}) {
    super(message);
    this.secret = secret;
  }
}

/** Where a value was found. */
export interface Place {
  /** The directory that paths are relative to. */
  readonly base: string;
}

/** A kind of value. */
export interface Kind<T> {
  /** From a flag or the environment. @throws Invalid */
  readonly fromText: (text: string, place: Place) => T;
  /** From a configuration file. @throws Invalid */
  readonly fromFile: (value: unknown, place: Place) => T;
  /** What a configuration file may say, as JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** For a flag that may be repeated, with one part of the value each. @throws Invalid */
  readonly fromTexts?: (texts: readonly string[]) => T;
}

export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly env: string | null;
  /** Without hyphens. */
  readonly flag: string | null;
  /** What stands for the value in a usage text. */
  readonly placeholder: string;
  readonly description: string;
  /** Null where the setting has to be given. */
  readonly fallback: { readonly value: () => T; readonly text: string } | null;
  readonly secret: boolean;
}

export type Settings<T> = { readonly [K in keyof T]: Setting<T[K]> };
export type ValuesOf<S> = { -readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };
/** Settings of whatever kinds. */
export type AnySettings = Readonly<Record<string, Setting<unknown>>>;

interface About {
  readonly env?: string;
  readonly flag?: string;
  readonly placeholder?: string;
  readonly description: string;
  /** Whether the value is never shown. */
  readonly secret?: boolean;
}

interface WithDefault<D> extends About {
  readonly default: D;
  /** What documentation says of it, where that is not the value itself. */
  readonly defaultText?: string;
}

/** A setting with a default; `null` is one that means "none". */
export function setting<T>(kind: Kind<T>, about: WithDefault<T>): Setting<T>;
export function setting<T>(kind: Kind<T>, about: WithDefault<null>): Setting<T | null>;
export function setting<T>(kind: Kind<T>, about: WithDefault<T | null>): Setting<T | null> {
  const text = about.defaultText ?? (about.default === null ? '' : String(about.default));
  return { ...shared(kind, about), fallback: { value: () => about.default, text } };
}

/** A setting whose default is looked for when it is needed. */
export function settingOf<T>(
  kind: Kind<T>,
  about: About & { readonly default: () => T; readonly defaultText: string },
): Setting<T> {
  return { ...shared(kind, about), fallback: { value: about.default, text: about.defaultText } };
}

/** A setting without which nothing goes. */
export function required<T>(kind: Kind<T>, about: About): Setting<T> {
  return { ...shared(kind, about), fallback: null };
}

function shared<T>(kind: Kind<T>, about: About) {
  return {
    kind,
    env: about.env ?? null,
    flag: about.flag ?? null,
    placeholder: about.placeholder ?? 'VALUE',
    description: about.description,
    secret: about.secret ?? false,
  };
}
