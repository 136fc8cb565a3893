/** Removes what is no longer needed. Every replica does it now and then; doing it twice is harmless. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Control } from '../control.ts';
import { purgeFingerprints } from '../hosts/fingerprint-purge.ts';
import { sweepUploads } from '../images/blobs.ts';
import { purgeKeys } from '../operations/idempotency.ts';
import { purgePreflights } from '../policies/preflights.ts';
import { purgeDeliveries } from '../webhooks/webhook-deliveries.ts';
import { resealSecrets } from '../webhooks/webhook-reseal.ts';

const PERIOD_MS = 10 * 60_000;

export function startJanitor(control: Control): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      // Spread out, so that replicas that started together do not sweep together.
      await sleep(PERIOD_MS * (0.5 + Math.random()), undefined, {
        signal: stopping.signal,
        ref: false,
      }).catch(() => undefined);
      if (!stopping.signal.aborted) await sweep(control);
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

export async function sweep(control: Control): Promise<void> {
  try {
    const keys = await purgeKeys(control);
    const uploads = await sweepUploads(control);
    const preflights = await purgePreflights(control);
    const deliveries = await purgeDeliveries(control);
    const sealed = await resealSecrets(control);
    if (sealed > 0) control.log.info({ webhooks: sealed }, 'sealed secrets of webhooks with the present key');
    const fingerprints = await purgeFingerprints(control);
    if (keys + uploads + preflights + deliveries + fingerprints > 0)
      control.log.info(
        { keys, uploads, preflights, deliveries, fingerprints },
        'removed old idempotency keys, preflights, deliveries and fingerprints, and unfinished uploads',
      );
  } catch (error) {
    control.log.warn({ err: error }, 'could not sweep; trying again later');
  }
}
