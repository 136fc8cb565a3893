/** The API that is fuzzed: hosts need no heartbeat to be there for the whole run. */
import { startApi, type TestApi } from '../support/api.ts';

export function startFuzzedApi(): Promise<TestApi> {
  return startApi({ leaseSeconds: 3_600 });
}
