/** What usage texts say of settings: a line for each flag or variable, with its default. */
import type { AnySettings, Setting } from './setting.ts';

/** Columns before a description begins. */
const INDENT = 33;

export const CONFIG_FLAG =
  '  --config FILE                  settings from a YAML or JSON file (HOLDFAST_CONFIG)';

/** The flags of a program, each with the variable that stands for it. */
export function flagUsage(table: AnySettings): string {
  return Object.values(table)
    .flatMap((setting) => {
      if (setting.flag === null) return [];
      const notes = [setting.env ?? '', setting.fallback?.text ?? ''].filter((note) => note !== '');
      return line(`--${setting.flag} ${setting.placeholder}`, setting, notes);
    })
    .join('\n');
}

/** The environment variables of a program. */
export function environmentUsage(table: AnySettings): string {
  return Object.values(table)
    .flatMap((setting) => {
      const note = setting.fallback?.text ?? '';
      return setting.env === null ? [] : line(setting.env, setting, note === '' ? [] : [note]);
    })
    .join('\n');
}

function line(name: string, { description }: Setting<unknown>, notes: readonly string[]): string {
  const said = description.replace(/\.$/, '');
  const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  const gap = name.length + 4 > INDENT ? `\n${' '.repeat(INDENT)}` : ' '.repeat(INDENT - 2 - name.length);
  return `  ${name}${gap}${said}${note}`;
}
