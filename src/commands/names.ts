/** Ids may be left to the command to find: a name will do where a resource has one. */
import type { Caller } from './call.ts';
import type { Command } from './contract.ts';
import { CommandError, EXIT, usageError } from './errors.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PAGE_ITEMS = 200;

interface NamedItem {
  id?: string;
  name?: string | null;
}

/** The path of `command` with its parameters filled in from `given`, in their order. */
export async function pathOf(
  caller: Caller,
  command: Command,
  given: readonly string[],
  all: readonly Command[],
) {
  const names = command.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  if (given.length > names.length) throw usageError(`"${given[names.length]}" is too much`);
  const missing = names[given.length];
  if (missing !== undefined) throw usageError(`say which ${missing.replace(/Id$/, '')}`);
  let path = command.path;
  for (const [index, name] of names.entries()) {
    const said = given[index] ?? '';
    const before = path.slice(0, path.indexOf(`/{${name}}`));
    const template = command.path.slice(0, command.path.indexOf(`/{${name}}`));
    const value = name.endsWith('Id')
      ? await idOf(caller, said, { collection: before, template, all })
      : said;
    path = path.replace(`{${name}}`, encodeURIComponent(value));
  }
  return path;
}

/** For flags as `--image-id` and `--host-id`. */
export async function flagId(
  caller: Caller,
  name: string,
  said: string,
  all: readonly Command[],
): Promise<string> {
  const template = `/v1/${name
    .replace(/^.*(?=Host)/, '')
    .replace(/Id$/, '')
    .toLowerCase()}s`;
  return idOf(caller, said, { collection: template, template, all });
}

async function idOf(
  caller: Caller,
  said: string,
  { collection, template, all }: { collection: string; template: string; all: readonly Command[] },
): Promise<string> {
  if (UUID.test(said)) return said.toLowerCase();
  const list = all.find(({ method, path, isList }) => method === 'GET' && path === template && isList);
  // The API says what is wrong with it.
  if (list === undefined) return said;
  const found: string[] = [];
  let pageToken: string | null = null;
  do {
    const query = new URLSearchParams({
      limit: String(PAGE_ITEMS),
      ...(pageToken === null ? {} : { pageToken }),
    });
    const { body } = await caller.call({ method: 'GET', target: `${collection}?${query}` });
    const page = body as { items: NamedItem[]; nextPageToken: string | null };
    for (const { id, name } of page.items) if (name === said && id !== undefined) found.push(id);
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
  const [id, other] = found;
  if (id === undefined) throw new CommandError(EXIT.notFound, `there is no ${list.resource} "${said}"`);
  if (other !== undefined)
    throw usageError(
      `${found.length} of them are called "${said}": say which by its id (${found.join(', ')})`,
    );
  return id;
}
