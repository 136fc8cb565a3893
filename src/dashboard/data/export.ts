/** What a filter lets through, read to its end and handed over as a file. */
import type { EventFilter } from '../model/event-log.ts';
import { type Api, answer } from './api.ts';
import { given } from './events.ts';
import { readAll, tokenQuery } from './pages.ts';
import type { FleetEvent } from './types.ts';

const PAGE = 1_000;
/** The most that is put into one file; the API gives all of it. */
export const MOST_EXPORTED = 100_000;

/** Newest first. `cut`: there are more than a file takes. */
export function readEvents(
  api: Api,
  filter: EventFilter,
  progress: (count: number) => void,
): Promise<{ items: readonly FleetEvent[]; cut: boolean }> {
  let count = 0;
  return readAll(async (pageToken) => {
    const query = { order: 'desc' as const, limit: PAGE, ...given(filter), ...tokenQuery(pageToken) };
    const page = await answer(api.GET('/v1/events', { params: { query } }));
    count += page.items.length;
    progress(count);
    return page;
  }, MOST_EXPORTED);
}

export function save(name: string, type: string, content: string | Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
