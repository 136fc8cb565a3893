/** Lists as iterations over all their pages. */
import { unwrap } from './client.ts';
import type { components } from './schema.d.ts';

interface PageAnswer<T> {
  data?: { items: T[]; nextPageToken: string | null };
  error?: components['schemas']['Problem'];
  response: Response;
}

/**
 * Every item of a list, page by page as it is asked for:
 *
 *   for await (const vm of allItems((pageToken) => client.GET('/v1/vms', { params: { query: { ...pageToken } } })))
 *
 * Throws ProblemError when a page is refused.
 */
export async function* allItems<T>(
  getPage: (page: { pageToken?: string }) => Promise<PageAnswer<T>>,
): AsyncGenerator<T, void> {
  let pageToken: string | null = null;
  do {
    const page: { items: T[]; nextPageToken: string | null } = unwrap(
      await getPage(pageToken === null ? {} : { pageToken }),
    );
    yield* page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
}
