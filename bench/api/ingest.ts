/**
 * Events as hosts deliver them: batches of one host after the other, several hosts at the same time. The API checks, judges
 * and attributes each, and writes what follows from it; the bare server inserts the same batches.
 */
import { Agent } from 'node:http';
import { makeImage, makeVm, ProtocolHost, type Run, startVm } from '../../test/support/protocol-host.ts';
import { ask, type Turn } from './load.ts';
import type { Service } from './service.ts';

const HOSTS = 4;
const RUNS_OF_HOST = 10;
/** Of each run in one batch: it is paused, resumed and so on. */
const EVENTS_OF_RUN = 10;

interface Source {
  host: ProtocolHost;
  runs: Run[];
}

export class Ingest {
  readonly #service: Service;
  readonly #sources: readonly Source[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: HOSTS });

  static async prepare(service: Service): Promise<Ingest> {
    const { endpoint } = service;
    const imageId = await makeImage(endpoint);
    const sources: Source[] = [];
    for (let index = 0; index < HOSTS; index++) {
      const zone = `ingest-${index}`;
      const host = await ProtocolHost.enrol(endpoint, { labels: { zone } });
      const runs: Run[] = [];
      for (let run = 0; run < RUNS_OF_HOST; run++) {
        const vm = await makeVm(endpoint, imageId, { hostSelector: { zone } });
        runs.push(await startVm(endpoint, host, vm.id));
      }
      sources.push({ host, runs });
    }
    return new Ingest(service, sources);
  }

  constructor(service: Service, sources: readonly Source[]) {
    this.#service = service;
    this.#sources = sources;
  }

  toApi(seconds: number): Promise<Turn> {
    return this.#deliver(seconds, this.#service.api.url, '/agent/v1/events');
  }

  toBare(seconds: number): Promise<Turn> {
    return this.#deliver(seconds, this.#service.bare.url, '/events');
  }

  async #deliver(seconds: number, url: string, target: string): Promise<Turn> {
    const milliseconds: number[] = [];
    const begun = performance.now();
    const end = begun + seconds * 1_000;
    await Promise.all(
      this.#sources.map(async ({ host, runs }) => {
        const headers = { authorization: `Bearer ${host.credential}`, 'content-type': 'application/json' };
        while (performance.now() < end) {
          const body = JSON.stringify({ events: runs.flatMap((run) => this.#batch(run, target)) });
          const from = performance.now();
          await ask(this.#agent, url, { method: 'POST', target, headers, body });
          milliseconds.push(performance.now() - from);
        }
      }),
    );
    const events = milliseconds.length * RUNS_OF_HOST * EVENTS_OF_RUN;
    return { rate: (events * 1_000) / (performance.now() - begun), milliseconds };
  }

  /** What the bare server is sent has no place in the sequence that the API is told. */
  #batch(run: Run, target: string): object[] {
    const { sequence } = run;
    const events = Array.from({ length: EVENTS_OF_RUN }, (_, index) =>
      run.record(index % 2 === 0 ? 'paused' : 'resumed'),
    );
    if (target === '/events') run.sequence = sequence;
    return events;
  }
}
