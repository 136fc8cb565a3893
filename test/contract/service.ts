/** The API that is fuzzed: hosts need no heartbeat to be there for the whole run, and a busy machine is no reason for 503. */
import { startApi, type TestApi } from '../support/api.ts';

export function startFuzzedApi(): Promise<TestApi> {
  return startApi({ requestsPerMinute: 0, mostDelayMs: 0 });
}
