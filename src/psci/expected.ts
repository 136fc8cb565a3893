/** What the behaviour table makes of the calls by which a host is measured (calls.ts). */
import { type Answer, answerAt, rowOf } from './behaviour.ts';
import type { GuestCall } from './calls.ts';
import { RETURN_CODES } from './return-codes.ts';
import type { PsciVersion } from './versions.ts';

/** What the table says of a call at a version; null of a call that is none of PSCI's. */
export function expectedAnswer(call: GuestCall, version: PsciVersion): Answer | null {
  if (call.row === 'beside') return null;
  // 0.1 has identifiers of its own, which mean nothing later on.
  if (call.row === 'absent' || call.legacy !== (version === '0.1')) {
    return { does: 'return', value: RETURN_CODES.NOT_SUPPORTED };
  }
  return answerAt(rowOf(call.row.function, call.row.when), version);
}
