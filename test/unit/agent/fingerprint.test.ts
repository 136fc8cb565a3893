import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/agent/client.ts';
import { FingerprintTeller } from '../../../src/agent/fingerprint.ts';
import { SUITE } from '../../../src/psci/calls.ts';
import type { FingerprintRequest } from '../../../src/wire/agent.ts';
import { until } from '../../peer/runs.ts';
import { temporaryDirectory } from '../../temporary.ts';

const BOOT = '01890000-0000-4000-8000-0000000000aa';
const OTHER_BOOT = '01890000-0000-4000-8000-0000000000bb';
/** Says what it measured, without a guest. */
const WORKER = join(import.meta.dirname, '../../peer/worker.ts');

class Told {
  readonly requests: FingerprintRequest[] = [];
  refusal: ApiError | null = null;

  async fingerprint(request: FingerprintRequest): Promise<{ digest: string }> {
    this.requests.push(request);
    if (this.refusal !== null) throw this.refusal;
    return { digest: 'sha256:' };
  }
}

/** Runs `once` until the API was told, or `ended` says so. */
async function tell(
  state: string,
  {
    bootId = BOOT,
    command = [process.execPath, WORKER] as [string, ...string[]],
    refusal = null as ApiError | null,
  } = {},
): Promise<{ requests: FingerprintRequest[]; outcome: unknown }> {
  const client = new Told();
  client.refusal = refusal;
  const stop = new AbortController();
  let ended = false;
  const teller = new FingerprintTeller({
    client,
    store: { fingerprintFile: join(state, 'fingerprint.json') },
    command,
    facts: () => ({ kernel: '7.3.4', bootId }),
    log: pino({ level: 'silent' }),
  });
  const once = teller.once(stop.signal).then(
    () => null,
    (error: unknown) => error,
  );
  void once.then(() => {
    ended = true;
  });
  await until('the API is told', () => ended || client.requests.length > 0);
  await sleep(0);
  stop.abort();
  return { requests: client.requests, outcome: await once };
}

describe('the fingerprint of a host', () => {
  it('is measured by another process, kept and told', async () => {
    using directory = temporaryDirectory();
    const state = directory.path;
    const { requests } = await tell(state);
    const expected = {
      kernel: '7.3.4',
      bootId: BOOT,
      suite: SUITE,
      versions: { '1.1': { answers: { 'PSCI_VERSION/32': '0x10001' }, systemSuspend: null, services: {} } },
    };
    expect(requests).toEqual([expected]);
    expect(JSON.parse(readFileSync(join(state, 'fingerprint.json'), 'utf8'))).toEqual(expected);
  });

  it('is not measured again in the same boot', async () => {
    using directory = temporaryDirectory();
    const state = directory.path;
    const first = await tell(state);
    const again = await tell(state, { command: ['/nonexistent'] });
    expect(again.requests).toEqual(first.requests);
  });

  it.each([
    ['after a reboot', (kept: FingerprintRequest) => ({ ...kept, bootId: OTHER_BOOT })],
    ['for another list of calls', (kept: FingerprintRequest) => ({ ...kept, suite: SUITE + 1 })],
    ['when what was kept is damaged', () => ({ suite: 'one' })],
  ])('is measured again %s', async (_, change) => {
    using directory = temporaryDirectory();
    const state = directory.path;
    const path = join(state, 'fingerprint.json');
    await tell(state);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
    const { requests } = await tell(state);
    expect(requests).toMatchObject([{ bootId: BOOT, suite: SUITE }]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(requests[0]);
  });

  it('is tried again by the loop when the API is away, and not soon when it is refused', async () => {
    using directory = temporaryDirectory();
    const state = directory.path;
    const away = new ApiError(503, 'NOT_READY', 'away', null, 0);
    expect((await tell(state, { refusal: away })).outcome).toBe(away);
    const unknown = new ApiError(404, 'ROUTE_NOT_FOUND', 'no such route', null, 0);
    expect((await tell(state, { refusal: unknown })).outcome).toBeNull();
  });
});
