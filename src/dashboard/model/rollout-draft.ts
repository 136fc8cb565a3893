/** A rollout while it is being planned in the form. Pure. */
import type { NewRollout, PsciVersion } from '../data/types.ts';
import { isName, isWhole, NAME_RULE } from './draft-rules.ts';
import { type LabelDraft, labelErrors, toSelector } from './selector.ts';

type RolloutHealth = NonNullable<NewRollout['health']>;
export type RolloutTarget = PsciVersion | 'inherit' | 'sticky' | 'latest';

export interface WaveDraft {
  /** Names the row. */
  key: number;
  unit: 'percent' | 'count';
  size: string;
  soakMinutes: string;
}

export interface ProbeDraft {
  kind: 'none' | 'http' | 'tcp';
  url: string;
  /** Of HTTP; empty: any 2xx. */
  status: string;
  host: string;
  port: string;
}

export interface RolloutDraft {
  name: string;
  labels: readonly LabelDraft[];
  to: RolloutTarget;
  allowInsecure: boolean;
  waves: readonly WaveDraft[];
  restart: boolean;
  maxUnavailable: string;
  failureThreshold: string;
  stopTimeoutSeconds: string;
  bootTimeoutSeconds: string;
  upSeconds: string;
  probe: ProbeDraft;
}

export const NEW_ROLLOUT: RolloutDraft = {
  name: '',
  labels: [],
  to: '1.1',
  allowInsecure: false,
  // A canary, a tenth, and the rest.
  waves: [
    { key: 0, unit: 'count', size: '1', soakMinutes: '10' },
    { key: 1, unit: 'percent', size: '10', soakMinutes: '10' },
    { key: 2, unit: 'percent', size: '100', soakMinutes: '0' },
  ],
  restart: false,
  maxUnavailable: '1',
  failureThreshold: '0',
  stopTimeoutSeconds: '60',
  bootTimeoutSeconds: '300',
  upSeconds: '60',
  probe: { kind: 'none', url: '', status: '', host: '', port: '' },
};

export const NUMBER_RANGES = {
  maxUnavailable: [1, 1_000_000],
  failureThreshold: [0, 1_000_000],
  stopTimeoutSeconds: [1, 3_600],
  bootTimeoutSeconds: [1, 604_800],
  upSeconds: [0, 604_800],
} as const;
type NumberField = keyof typeof NUMBER_RANGES;
const NUMBER_FIELDS = Object.keys(NUMBER_RANGES) as NumberField[];

export interface RolloutErrors {
  fields: Partial<Record<'name' | NumberField, string>>;
  labels: ReadonlyMap<number, string>;
  waves: ReadonlyMap<number, string>;
  probe: Partial<Record<keyof ProbeDraft, string>>;
}

const LONGEST_SOAK_MINUTES = 10_080;
/** As the API has them. */
const PROBE_URL = /^https?:\/\/[\x21-\x7e]{1,490}$/;
const PROBE_HOST = /^[A-Za-z0-9{}.:_-]{1,253}$/;

export function rolloutErrors(draft: RolloutDraft): RolloutErrors {
  const fields: RolloutErrors['fields'] = {};
  if (!isName(draft.name)) fields.name = NAME_RULE;
  for (const field of NUMBER_FIELDS) {
    const [least, most] = NUMBER_RANGES[field];
    if (!isWhole(draft[field], least, most)) {
      fields[field] = `Use a whole number from ${least} to ${most.toLocaleString('en')}.`;
    }
  }
  const waves = new Map<number, string>();
  for (const { key, unit, size, soakMinutes } of draft.waves) {
    const most = unit === 'percent' ? 100 : 1_000_000;
    if (!isWhole(size, 1, most)) {
      waves.set(key, `Use a whole ${unit === 'percent' ? 'percentage' : 'number'} from 1 on.`);
    } else if (!isWhole(soakMinutes, 0, LONGEST_SOAK_MINUTES)) {
      waves.set(key, 'Watch for 0 to 10,080 minutes (a week).');
    }
  }
  return { fields, labels: labelErrors(draft.labels), waves, probe: probeErrors(draft.probe) };
}

function probeErrors({ kind, url, status, host, port }: ProbeDraft): RolloutErrors['probe'] {
  const errors: RolloutErrors['probe'] = {};
  if (kind === 'http') {
    if (!PROBE_URL.test(url.trim())) {
      errors.url = 'Use an address that begins with http:// or https://, without spaces.';
    }
    if (status.trim() !== '' && !isWhole(status, 100, 599)) {
      errors.status = 'Use a whole number from 100 to 599, or none.';
    }
  }
  if (kind === 'tcp') {
    if (!PROBE_HOST.test(host.trim())) errors.host = 'Use a name or an address, without a port.';
    if (!isWhole(port, 1, 65_535)) errors.port = 'Use a whole number from 1 to 65,535.';
  }
  return errors;
}

export function isFaulty({ fields, labels, waves, probe }: RolloutErrors): boolean {
  return (
    [fields, probe].some((errors) => Object.keys(errors).length > 0) || labels.size > 0 || waves.size > 0
  );
}

/** The draft must have no errors. */
export function toRollout(draft: RolloutDraft): NewRollout {
  const { to } = draft;
  return {
    name: draft.name,
    selector: toSelector(draft.labels),
    to:
      to === 'inherit' || to === 'sticky' || to === 'latest'
        ? { policy: to }
        : { version: to, ...(draft.allowInsecure ? { allowInsecure: true } : {}) },
    waves: draft.waves.map(({ unit, size, soakMinutes }) => ({
      ...(unit === 'percent' ? { percent: Number(size) } : { count: Number(size) }),
      soakSeconds: Number(soakMinutes) * 60,
    })),
    maxUnavailable: Number(draft.maxUnavailable),
    restart: draft.restart,
    stopTimeoutSeconds: Number(draft.stopTimeoutSeconds),
    failureThreshold: Number(draft.failureThreshold),
    health: {
      bootTimeoutSeconds: Number(draft.bootTimeoutSeconds),
      upSeconds: Number(draft.upSeconds),
      ...toProbe(draft.probe),
    },
  };
}

function toProbe({ kind, url, status, host, port }: ProbeDraft): Pick<RolloutHealth, 'probe'> {
  if (kind === 'none') return {};
  if (kind === 'tcp') return { probe: { tcp: { host: host.trim(), port: Number(port) } } };
  const answer = status.trim() === '' ? {} : { status: Number(status) };
  return { probe: { http: { url: url.trim(), ...answer } } };
}

/** How many VMs each wave would have, of `total`, as the API divides them; the last takes what is left. */
export function waveSizes(waves: readonly Pick<WaveDraft, 'unit' | 'size'>[], total: number): number[] {
  let left = total;
  return waves.map(({ unit, size }, index) => {
    const number = Number(size) || 0;
    const asked = unit === 'count' ? number : Math.max(1, Math.round((total * number) / 100));
    const taken = Math.min(left, index === waves.length - 1 ? left : asked);
    left -= taken;
    return taken;
  });
}
