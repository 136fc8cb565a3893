/**
 * What a simulated host would have on its disk: one file of JSON lines, only ever appended to, that holds its runs, their
 * journals and how far they were delivered. A process that is killed loses nothing of it, so that the next one can say
 * of each run that it was lost, and never starts one again. It is not synced: a power cut of the machine that simulates
 * may take the end of it, as no power cut of a real host does.
 */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunSpec } from '../wire/agent.ts';
import type { JournalEntry } from '../worker/journal.ts';

/** One fact about a run; `create` comes first. */
export type JournalLine =
  | { readonly do: 'create'; readonly runId: string; readonly run: RunSpec }
  /** A worker was started. */
  | { readonly do: 'spawn'; readonly runId: string }
  | { readonly do: 'entry'; readonly runId: string; readonly entry: JournalEntry }
  | { readonly do: 'delivered'; readonly runId: string; readonly sequence: number }
  | { readonly do: 'remove'; readonly runId: string };

export class HostJournal {
  readonly #fd: number;
  /** What was there when it was opened, without the runs that were removed. */
  readonly found: readonly JournalLine[];

  private constructor(fd: number, found: readonly JournalLine[]) {
    this.#fd = fd;
    this.found = found;
  }

  /** Opens or makes it, and writes it anew without what was removed. The caller is its only user. */
  static open(path: string): HostJournal {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const lines = readLines(path);
    const removed = new Set(lines.flatMap((line) => (line.do === 'remove' ? [line.runId] : [])));
    const found = lines.filter(({ runId }) => !removed.has(runId));
    writeFileSync(`${path}.new`, found.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return new HostJournal(openSync(path, 'a', 0o600), found);
  }

  append(line: JournalLine): void {
    writeSync(this.#fd, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function readLines(path: string): JournalLine[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line): JournalLine[] => (line === '' ? [] : [JSON.parse(line)]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
