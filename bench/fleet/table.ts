/** Medians and most of samples, a column for each size of fleet. */
export interface Sample {
  readonly hosts: number;
  readonly metric: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MB' | '';
}

export function table(samples: readonly Sample[]): string {
  const sizes = [...new Set(samples.map(({ hosts }) => hosts))];
  const metrics = [...new Set(samples.map(({ metric }) => metric))];
  const rows = metrics.map((metric) => {
    const cells = sizes.map((hosts) => {
      const group = samples.filter((sample) => sample.metric === metric && sample.hosts === hosts);
      return cell(group);
    });
    return [metric, ...cells];
  });
  const all = [['', ...sizes.map((hosts) => `${hosts} hosts`)], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cell(group: readonly Sample[]): string {
  const [first] = group;
  if (first === undefined) return '–';
  const values = group.map(({ value }) => value).sort((a, b) => a - b);
  const most = values.length > 1 ? ` (≤ ${number(values.at(-1) ?? 0)})` : '';
  return `${number(median(values))}${most}${first.unit === '' ? '' : ` ${first.unit}`}`;
}

/** Of values in order. */
function median(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  return ((values[Math.floor(middle)] ?? 0) + (values[Math.ceil(middle)] ?? 0)) / 2;
}

function number(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
}
