// Appends a record that fits, one that does not, and a short one, to the journal given as argument, under a limit of the
// file's size set by the caller.
import { statSync } from 'node:fs';
import { JournalWriter } from '../../../src/worker/journal.ts';
import { eventEntry } from './records.ts';

const path = process.argv[2] ?? '';
const journal = JournalWriter.open(path);
journal.append(eventEntry(1, { reason: 'x'.repeat(300) }));
try {
  journal.append(eventEntry(2, { reason: 'y'.repeat(900) }));
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  console.log(`${code} after ${statSync(path).size} bytes`);
}
journal.append(eventEntry(2, { reason: 'short' }));
