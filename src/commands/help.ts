/** What `--help` says, of all, of a resource and of a command. */
import type { Command, Commands } from './contract.ts';
import { kebab } from './contract.ts';
import { type Flag, flagsOf } from './flags.ts';

const LINE_LENGTH = 110;
const WIDEST_FLAG = 34;

export const COMMON_HELP = `  --api URL            the API (HOLDFAST_API; http://127.0.0.1:8080)
  --token-file FILE    the file that holds the token (HOLDFAST_TOKEN_FILE); or --token TOKEN (HOLDFAST_TOKEN)
  -o, --output FORMAT  table, json, name (only the ids) or value:MEMBER, such as value:psci.effective
  -h, --help           this text
`;

export const EXIT_HELP = `Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 not found, 4 not allowed, 5 the API cannot answer, 6 --wait
took too long.
`;

/** The commands that are not operations of the document. */
export const SPECIAL: Readonly<Record<string, readonly [verb: string, summary: string][]>> = {
  event: [['tail', 'Print events as they happen']],
  vm: [['console VM', "Show a VM's serial console and type into it"]],
};

export function overview({ all }: Commands): string {
  const resources = [...new Set(all.map(({ resource }) => resource))];
  const width = Math.max(...resources.map((name) => name.length));
  const lines = resources.map((resource) => {
    const own = all.filter((command) => command.resource === resource).map(({ verb }) => verb);
    const special = (SPECIAL[resource] ?? []).map(([usage]) => usage.split(' ')[0] ?? '');
    return `  ${resource.padEnd(width)}  ${[...own, ...special].join(', ')}`;
  });
  return `The API's resources and what can be done with them:\n\n${lines.join('\n')}\n
  login      saves the API's address and a token for it, read from the standard input

holdfast <resource> <verb> --help says more.
`;
}

export function resourceHelp(resource: string, { all }: Commands): string {
  const rows = [
    ...all
      .filter((command) => command.resource === resource)
      .map(
        (command) => [`${command.verb} ${argumentsOf(command).join(' ')}`.trim(), command.summary] as const,
      ),
    ...(SPECIAL[resource] ?? []),
  ];
  const width = Math.max(...rows.map(([usage]) => usage.length));
  return `holdfast ${resource}\n\n${rows.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`).join('\n')}\n`;
}

export function commandHelp(command: Command, { schemas }: Commands): string {
  const { resource, verb, summary, description, isAsync, isList, body } = command;
  const flags = flagsOf(command, schemas).map((flag) => [usageOf(flag), explain(flag)] as const);
  const own = [
    ...flags,
    ...(body === null
      ? []
      : [['-f, --file FILE', 'the body as JSON; flags change it. - is the standard input'] as const]),
    ...(isList ? [['--all', 'every page, not only the first'] as const] : []),
    ...(isAsync ? [['--wait', 'until the operation has ended'] as const] : []),
    ...(isAsync ? [['--wait-timeout SECONDS', 'how long at the most (600)'] as const] : []),
  ];
  const width = Math.min(WIDEST_FLAG, Math.max(0, ...own.map(([usage]) => usage.length)));
  const lines = own.flatMap(([usage, text]) => {
    const [first = '', ...more] = wrap(text, LINE_LENGTH - width - 4);
    const indented = more.map((line) => `${' '.repeat(width + 4)}${line}`);
    return usage.length > width
      ? [`  ${usage}`, `${' '.repeat(width + 4)}${first}`, ...indented]
      : [`  ${usage.padEnd(width)}  ${first}`.trimEnd(), ...indented];
  });
  return [
    `usage: holdfast ${[resource, verb, ...argumentsOf(command)].join(' ')} [flags]\n`,
    `${wrap(`${summary}. ${description}`, LINE_LENGTH).join('\n')}\n`,
    ...(lines.length === 0 ? [] : [`${lines.join('\n')}\n`]),
    `${COMMON_HELP}`,
    EXIT_HELP,
  ].join('\n');
}

/** What the path names: a VM, host, image and the like by id or name. */
function argumentsOf({ parameters }: Command): string[] {
  return parameters
    .filter((one) => one.in === 'path')
    .map(({ name }) => kebab(name.replace(/Id$/, '')).toUpperCase());
}

function usageOf({ name, kind, schema }: Flag): string {
  if (kind === 'boolean') return schema.default === true ? `--no-${name}` : `--${name}`;
  const value = {
    text: 'TEXT',
    number: 'N',
    map: 'KEY=VALUE',
    list: 'TEXT',
    objects: 'KEY=VALUE,…',
    json: 'JSON',
  }[kind];
  const chosen = schema.enum === undefined ? value : schema.enum.join('|');
  return `--${name} ${chosen}`;
}

function explain({ schema, required, kind }: Flag): string {
  const members = Object.keys(schema.items?.properties ?? {});
  const words = [
    schema.description?.replaceAll('\n', ' ') ?? '',
    ...(kind === 'objects' && members.length > 0 ? [`With ${members.join(', ')}.`] : []),
    ...(['map', 'list', 'objects'].includes(kind) ? ['Can be repeated.'] : []),
    ...(schema.default === undefined || typeof schema.default === 'object'
      ? []
      : [`(${String(schema.default)})`]),
    ...(required ? ['Needed.'] : []),
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** Lines of `text` with at most so many characters; line breaks stay. */
function wrap(text: string, length: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > length) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}
