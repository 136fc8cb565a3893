// Appends to the journal given as argument for ever and says each sequence number once append() has returned.
import { writeSync } from 'node:fs';
import { JournalWriter } from '../../../src/worker/journal.ts';
import { eventEntry } from './records.ts';

const journal = JournalWriter.open(process.argv[2] ?? '');
for (let sequence = journal.found.length + 1; ; sequence += 1) {
  journal.append(eventEntry(sequence, { reason: 'x'.repeat(sequence % 900) }));
  writeSync(1, `${sequence}\n`);
}
