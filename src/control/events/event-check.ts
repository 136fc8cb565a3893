/** Whether a record that a host delivers can be stored. One that cannot is refused alone, for ever, with the reason. */
import { Compile } from 'typebox/compile';
import { EventRecord } from '../../wire/event.ts';
import { storable } from '../../wire/text.ts';

const schema = Compile(EventRecord);

/** `sequence` is an `int` in Postgres. */
const LARGEST_SEQUENCE = 2_147_483_647;
/** A host whose clock is wrong is believed within these, since its events are facts all the same. */
const EARLIEST = Date.parse('1970-01-01T00:00:00Z');
const LATEST = Date.parse('2200-01-01T00:00:00Z');

/** The record as it can be stored, or what is wrong with it. */
export function checkRecord(value: unknown): EventRecord | string {
  if (!schema.Check(value)) {
    const [first] = schema.Errors(value);
    return first === undefined ? 'The record is not valid.' : `${first.instancePath || '/'} ${first.message}`;
  }
  if (value.sequence > LARGEST_SEQUENCE) return `/sequence is above ${LARGEST_SEQUENCE}`;
  const at = Date.parse(value.observedAt);
  if (!(at >= EARLIEST && at < LATEST)) return '/observedAt is not a time between 1970 and 2200';
  const { psci } = value;
  return {
    ...value,
    observedAt: new Date(at).toISOString(),
    reason: value.reason === null ? null : storable(value.reason),
    psci:
      psci === null ? null : { ...psci, function: psci.function === null ? null : storable(psci.function) },
  };
}
