/** What Prometheus makes of an answer of /metrics, and of a query. */
import { parser } from '@prometheus-io/lezer-promql';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Scrape {
  /** Names by `# TYPE`; of a histogram without its suffixes. */
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
  /** The value of the one sample with these labels and perhaps others; undefined without one. Throws for several. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function readScrape(text: string): Scrape {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, named, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (named !== undefined && type !== undefined) types.set(named, type);
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`);
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', of = '']) => [
      key,
      of,
    ]);
    samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return {
    types,
    samples,
    value: (name, labels = {}) => {
      const found = samples.filter(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
      );
      if (found.length > 1)
        throw new Error(`${found.length} samples of ${name} fit ${JSON.stringify(labels)}`);
      return found[0]?.value;
    },
  };
}

export interface Query {
  /** Each selector with the labels it asks for. */
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels that are grouped or matched by. */
  readonly grouped: readonly string[];
}

/** By Prometheus's own grammar. Throws where the query is not one. */
export function readQuery(text: string): Query {
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouped: string[] = [];
  let inSelector = false;
  parser.parse(text).iterate({
    enter: ({ name, type, from, to }) => {
      const said = text.slice(from, to);
      if (type.isError) throw new Error(`no PromQL at ${from}: ${text}`);
      if (name === 'LabelMatchers') inSelector = true;
      if (name === 'Identifier') selectors.push({ metric: said, labels: [] });
      if (name === 'LabelName') (inSelector ? selectors.at(-1)?.labels : grouped)?.push(said);
    },
    leave: ({ name }) => {
      if (name === 'LabelMatchers') inSelector = false;
    },
  });
  return { selectors, grouped };
}
