/** `holdfast event tail`: the event log, as it grows. */
import { followEvents } from '../client/events.ts';
import { ProblemError } from '../client/problem.ts';
import { Caller, commandErrorOf } from './call.ts';
import type { Commands } from './contract.ts';
import { usageError } from './errors.ts';
import { type Flag, parseFlags } from './flags.ts';
import { COMMON_HELP } from './help.ts';
import { flagId } from './names.ts';
import { eventLine } from './output.ts';
import { type Streams, settingsOf } from './run.ts';

const USAGE = `usage: holdfast event tail [flags]

Prints events as they happen, until Ctrl-C; goes on by itself, without gap or repeat, when the connection was lost.

  --vm-id VM           only this VM's, by id or name
  --host-id HOST       only those on this host
  --kind KIND          only of this kind, such as poweroff
  --initiator WHO      only what was asked for by guest, operator, policy, host or unknown
  --after CURSOR       everything behind this event first; 0-0 is the beginning of the log
  --count N            ends after so many

${COMMON_HELP}`;

const FLAGS: Flag[] = ['vmId', 'hostId', 'kind', 'initiator', 'after'].map((name) => ({
  name: name.replace('Id', '-id'),
  place: 'query',
  path: [name],
  schema: { type: 'string' },
  kind: 'text',
  ...{ required: false, nullable: false },
}));
const COUNT: Flag = {
  ...{ name: 'count', place: 'body', path: ['count'], schema: { type: 'integer' }, kind: 'number' },
  ...{ required: false, nullable: false },
};

export async function tailEvents(
  args: string[],
  { all, schemas }: Commands,
  { out }: Streams,
): Promise<void> {
  const given = parseFlags(args, [...FLAGS, COUNT], schemas);
  if (given.common.help === true) {
    out.write(USAGE);
    return;
  }
  if (given.positionals.length > 0) throw usageError(`"${given.positionals[0]}" is too much`);
  const caller = new Caller(settingsOf(given));
  const { api, token } = caller.settings;
  const filter: Record<string, string> = {};
  for (const [name, value] of given.query)
    filter[name] = name.endsWith('Id') ? await flagId(caller, name, value, all) : value;
  const { after, ...rest } = filter;
  const most = Number(given.body.count ?? Number.POSITIVE_INFINITY);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  try {
    let count = 0;
    const source = { baseUrl: api, token, filter: rest, signal: stop.signal };
    for await (const event of followEvents({ ...source, ...(after === undefined ? {} : { after }) })) {
      const line = given.common.output === 'json' ? JSON.stringify(event) : eventLine(event);
      out.write(`${line}\n`);
      count += 1;
      if (count >= most) break;
    }
  } catch (error) {
    if (error instanceof ProblemError) throw commandErrorOf(error, error.status);
    throw error;
  }
}
