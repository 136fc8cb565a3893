/** Medians, spreads and ratios of samples. */
import type { Sample } from './inside/measure.ts';

export interface Line {
  readonly metric: string;
  readonly vmm: Sample['vmm'];
  readonly count: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** This median by QEMU's, where there is one. */
  readonly ratio: number | null;
}

export function summarise(samples: readonly Sample[]): Line[] {
  const groups = Map.groupBy(samples, ({ metric, vmm }) => `${metric}\0${vmm}`);
  const lines = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const values = group.map(({ value }) => value).sort((a, b) => a - b);
    const { metric, vmm } = first;
    const ends = { least: values[0] ?? 0, most: values.at(-1) ?? 0 };
    return [{ metric, vmm, count: values.length, median: median(values), ...ends }];
  });
  return lines.map((line) => {
    const qemu = lines.find(({ metric, vmm }) => metric === line.metric && vmm === 'qemu');
    const ratio = qemu === undefined || line.vmm === 'qemu' ? null : line.median / qemu.median;
    return { ...line, ratio };
  });
}

/** Of values in order. */
export function median(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  return ((values[Math.floor(middle)] ?? 0) + (values[Math.ceil(middle)] ?? 0)) / 2;
}

export function table(lines: readonly Line[]): string {
  const rows = lines.map(({ metric, vmm, count, median: middle, least, most, ratio }) => [
    ...[metric, vmm, String(count), number(middle), `${number(least)} – ${number(most)}`],
    ratio === null ? '' : ratio.toFixed(2),
  ]);
  const all = [['metric', 'of', 'n', 'median', 'least – most', '÷ QEMU'], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
