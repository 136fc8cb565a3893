import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEntry, type JournalEntry, JournalReader, JournalWriter } from '../../../src/worker/journal.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { eventEntry, requestEntry } from './records.ts';

const ENTRIES: readonly JournalEntry[] = [
  eventEntry(1, { kind: 'started' }),
  requestEntry(),
  eventEntry(2, { kind: 'poweroff', final: true, kvm: { type: 1, data: ['0x0'] }, reason: 'späte Grüße ✓' }),
  { type: 'failure', code: 'OUT_OF_MEMORY', detail: 'no room', at: '2026-01-02T03:04:05.678Z' },
];

function write(path: string, entries: readonly JournalEntry[]): void {
  const journal = JournalWriter.open(path);
  for (const entry of entries) journal.append(entry);
  journal.close();
}

describe('journal', () => {
  it('gives back what was written, to a reader and to the next writer', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    write(path, ENTRIES);
    expect(new JournalReader(path).read()).toEqual(ENTRIES);
    const again = JournalWriter.open(path);
    expect(again.found).toEqual(ENTRIES);
    again.close();
  });

  it('is empty before it exists', () => {
    using directory = temporaryDirectory();
    expect(new JournalReader(join(directory.path, 'journal')).read()).toEqual([]);
  });

  it('survives being cut at any byte: whole records stay, the torn one goes, the next is sound', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    write(path, ENTRIES);
    const whole = readFileSync(path);
    const ends = ENTRIES.map((_, index) =>
      ENTRIES.slice(0, index + 1).reduce((length, entry) => length + encodeEntry(entry).length, 0),
    );
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      const kept = ENTRIES.slice(0, ends.filter((end) => end <= length).length);
      const reader = new JournalReader(path);
      expect(reader.read()).toEqual(kept);
      write(path, [eventEntry(9)]);
      // A reader from before the cut goes on where it was; a new one sees the same.
      expect(reader.read()).toEqual([eventEntry(9)]);
      expect(new JournalReader(path).read()).toEqual([...kept, eventEntry(9)]);
    }
  });

  it('takes any garbage at the end for torn', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (garbage) => {
        using directory = temporaryDirectory();
        const path = join(directory.path, 'journal');
        write(path, ENTRIES);
        appendFileSync(path, garbage);
        const reader = new JournalReader(path);
        expect(reader.read()).toEqual(ENTRIES);
        write(path, [eventEntry(9)]);
        expect(new JournalReader(path).read()).toEqual([...ENTRIES, eventEntry(9)]);
        expect(reader.damagedLines).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('skips and counts a damaged line between sound ones', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    write(path, ENTRIES);
    const bytes = readFileSync(path);
    const inSecond = encodeEntry(ENTRIES[0] ?? eventEntry(1)).length + 20;
    bytes[inSecond] = (bytes[inSecond] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const reader = new JournalReader(path);
    expect(reader.read()).toEqual([ENTRIES[0], ENTRIES[2], ENTRIES[3]]);
    expect(reader.damagedLines).toBe(1);
  });

  it('is read and written no further than this version understands it', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    write(path, ENTRIES.slice(0, 2));
    const known = readFileSync(path);
    const strange = '{"type":"parole","at":"2026-01-02T03:04:05.678Z"}';
    const line = `${crc32(strange).toString(16).padStart(8, '0')} ${strange}\n`;
    const bytes = Buffer.concat([known, Buffer.from(line), encodeEntry(eventEntry(7))]);
    writeFileSync(path, bytes);
    const reader = new JournalReader(path);
    expect(reader.read()).toEqual(ENTRIES.slice(0, 2));
    expect(reader.read()).toEqual([]);
    expect([reader.unknown, reader.damagedLines]).toEqual([true, 0]);
    expect(() => JournalWriter.open(path)).toThrow(/another version/);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('passes over members that it does not know', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    const json = JSON.stringify({ ...eventEntry(1), mood: 'fine' });
    writeFileSync(path, `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`);
    expect(new JournalReader(path).read()).toEqual([eventEntry(1)]);
  });

  it('waits for the rest of a line that is being written', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    const line = encodeEntry(eventEntry(1));
    const reader = new JournalReader(path);
    writeFileSync(path, line.subarray(0, 30));
    expect(reader.read()).toEqual([]);
    appendFileSync(path, line.subarray(30));
    expect(reader.read()).toEqual([eventEntry(1)]);
    expect(reader.read()).toEqual([]);
  });

  it('is whole after a write that failed half-way, and takes the next record', () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    // Files of the child may have 1024 bytes, so the second record is cut short by the kernel; the third fits.
    const script = join(import.meta.dirname, 'journal-short-of-space.ts');
    const child = spawnSync('sh', [
      '-c',
      `trap '' XFSZ; ulimit -f 2; exec "$0" "$1" "$2"`,
      process.execPath,
      script,
      path,
    ]);
    expect(child.stderr.toString()).toBe('');
    expect(child.stdout.toString()).toBe('EFBIG after 1024 bytes\n');
    expect(new JournalReader(path).read()).toEqual([
      eventEntry(1, { reason: 'x'.repeat(300) }),
      eventEntry(2, { reason: 'short' }),
    ]);
  });

  it('has every record whose append returned, whenever the writer is killed', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'journal');
    for (let round = 0; round < 6; round += 1) {
      const writer = spawn(process.execPath, [join(import.meta.dirname, 'journal-appender.ts'), path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      writer.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        // Killed at another place each round, in the middle of writing as fast as it can.
        if (said.split('\n').length > 3 + round * 5) writer.kill('SIGKILL');
      });
      await once(writer, 'close');
      const acknowledged = Number(said.trimEnd().split('\n').at(-1));
      const sequences = new JournalReader(path)
        .read()
        .map((entry) => entry.type === 'event' && entry.sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      expect(sequences.length).toBeGreaterThanOrEqual(acknowledged);
    }
  });
});
