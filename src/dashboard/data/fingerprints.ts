/** The fingerprints that the fleet's kernels have or had. Key: ['fingerprints']. */
import { useQuery } from '@tanstack/react-query';
import { answer } from './api.ts';
import { useApi } from './api-context.tsx';
import { readAll, tokenQuery } from './pages.ts';

const PAGE = 200;
const MOST = 1_000;

/** Not read unless `wanted`. */
export function useFingerprints(wanted: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: ['fingerprints'],
    enabled: wanted,
    queryFn: async () =>
      (
        await readAll(
          (pageToken) =>
            answer(
              api.GET('/v1/fingerprints', { params: { query: { limit: PAGE, ...tokenQuery(pageToken) } } }),
            ),
          MOST,
        )
      ).items,
  });
}
