/** What a person watching the terminal sees: one line per step, with the time since the start. */
import { styleText } from 'node:util';

export interface Terminal {
  /** A step that is under way. */
  step(text: string): void;
  /** Something that was observed, with what it was. */
  seen(text: string, detail?: string): void;
  /** Detail of the step under way. */
  detail(text: string): void;
  /** Why it ended. */
  failed(text: string): void;
  heading(text: string): void;
  plain(text: string): void;
}

/** Writes to standard error, so that a command's own output stays clean. */
export function terminal(): Terminal {
  const start = performance.now();
  const stream = process.stderr;
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream });
  const elapsed = () => paint('dim', `${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s `);
  const write = (text: string) => stream.write(`${text}\n`);
  return {
    step: (text) => write(`${elapsed()} ${paint('cyan', '…')} ${text}`),
    seen: (text, detail) =>
      write(
        `${elapsed()} ${paint('green', '✓')} ${text}${detail === undefined ? '' : ` ${paint('bold', detail)}`}`,
      ),
    detail: (text) => write(`${elapsed()}   ${paint('dim', text)}`),
    failed: (text) => write(`${elapsed()} ${paint('red', '✗')} ${text}`),
    heading: (text) => write(`\n${paint('bold', text)}`),
    plain: write,
  };
}
