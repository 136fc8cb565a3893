/** The OpenAPI document as a file: what `openapi/openapi.json` holds, and what the client's types come from. */
import { pino } from 'pino';
import { createControl } from '../control/control.ts';
import { buildApp } from './app.ts';

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];

/** Builds the application without a database and asks it for its document; sorted, so that it changes only with the API. */
export async function openapiDocument(): Promise<string> {
  const log = pino({ level: 'silent' });
  const settings = { leaseSeconds: 30, heartbeatSeconds: 5, webhookNetworks: [], secretKeys: [] };
  const control = createControl('postgresql://nowhere.invalid/none', settings, log);
  const app = await buildApp(control, log);
  try {
    await app.ready();
    const document = app.swagger() as { paths: Record<string, Record<string, unknown>> };
    const paths = Object.entries(document.paths).map(([path, item]) => [
      path,
      sorted(item, (a, b) => METHODS.indexOf(a) - METHODS.indexOf(b)),
    ]);
    return `${JSON.stringify({ ...document, paths: sorted(Object.fromEntries(paths)) }, null, 2)}\n`;
  } finally {
    await app.close();
    await control.close();
  }
}

function sorted<T>(object: Record<string, T>, compare?: (a: string, b: string) => number): Record<string, T> {
  return Object.fromEntries(
    Object.keys(object)
      .sort(compare)
      .map((key) => [key, object[key] as T]),
  );
}
