import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { pageById, pageByPosition } from '../../../../src/control/database/page.ts';

describe('paging', () => {
  it('visits every item once, in order, whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 15 }),
        async (total, limit) => {
          const all = Array.from({ length: total }, (_, index) => ({ id: uuidv7(), index })).sort((a, b) =>
            a.id < b.id ? -1 : 1,
          );
          const seen: string[] = [];
          let pageToken: string | undefined;
          do {
            const page = await pageById({ limit, pageToken }, async ({ afterId, limit: most }) =>
              all.filter(({ id }) => afterId === null || id > afterId).slice(0, most),
            );
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items.map(({ id }) => id));
            pageToken = page.nextPageToken ?? undefined;
          } while (pageToken !== undefined);
          expect(seen).toEqual(all.map(({ id }) => id));
        },
      ),
    );
  });

  it('goes down by position', async () => {
    const all = [5n, 4n, 3n, 2n, 1n].map((position) => ({ position }));
    const find = async ({ before, limit }: { before: bigint | null; limit: number }) =>
      all.filter(({ position }) => before === null || position < before).slice(0, limit);
    const first = await pageByPosition({ limit: 2 }, find);
    expect(first.items).toEqual([{ position: 5n }, { position: 4n }]);
    const second = await pageByPosition({ limit: 3, pageToken: first.nextPageToken ?? '' }, find);
    expect(second).toEqual({
      items: [{ position: 3n }, { position: 2n }, { position: 1n }],
      nextPageToken: null,
    });
  });

  it.each(['x', '', 'AAAA', Buffer.from("1' OR '1'='1").toString('base64url')])(
    'refuses the token %j',
    async (pageToken) => {
      const none = async () => [];
      await expect(pageById({ limit: 1, pageToken }, none)).rejects.toMatchObject({
        code: 'INVALID_PAGE_TOKEN',
      });
      await expect(pageByPosition({ limit: 1, pageToken }, none)).rejects.toMatchObject({
        code: 'INVALID_PAGE_TOKEN',
      });
    },
  );
});
