/** Configuration as documents: a page for people and a JSON Schema for editors, both made of the tables of settings. */
import { AGENT_SETTINGS } from './agent.ts';
import { API_SETTINGS } from './api.ts';
import type { SectionName } from './file.ts';
import type { AnySettings } from './setting.ts';

/** The settings of each program, by its section of a configuration file. */
export const TABLES: Readonly<Record<SectionName, AnySettings>> = {
  api: API_SETTINGS,
  agent: AGENT_SETTINGS,
};

const INTRODUCTION = `# Configuration

<!-- Made by script/config.ts from src/config/; change it there. -->

Settings come from flags (the agent's), the environment, and a file that \`--config FILE\` or \`HOLDFAST_CONFIG\` names, in this order: the first that says something decides. A variable that is set to nothing counts as not set.

The file is YAML, or JSON when its name ends in \`.json\`. It has a section for each program, so one file can serve a whole fleet; paths in it are relative to it. [deploy/config.schema.json](../deploy/config.schema.json) describes it to editors.

\`\`\`yaml
api:
  bind: 0.0.0.0
  databaseUrl: postgres://holdfast:secret@db.example/holdfast
agent:
  api: https://holdfast.example
  labels: { zone: b }
\`\`\`

\`holdfast config check --config FILE\` says what each setting would be and where it is from, or everything that is wrong, without starting anything; it exits with 2 when the configuration cannot be used. A name that is no setting is an error, not passed over.
`;

const TITLES: Readonly<Record<SectionName, string>> = {
  api: '`api`: the control plane',
  agent: '`agent`: a host',
};

const TRACING = `## Tracing

Both programs send OpenTelemetry traces when the standard variables say where to: \`OTEL_EXPORTER_OTLP_ENDPOINT\` (OTLP over HTTP, such as \`http://collector:4318\`), \`OTEL_EXPORTER_OTLP_HEADERS\`, \`OTEL_SERVICE_NAME\`, \`OTEL_TRACES_SAMPLER\` and the others of [its specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). Without an endpoint nothing of it is loaded.

A request's trace has the operations it makes and what the host does for them. It goes on when the request is answered: a rollout with each of its steps, a maintenance with its drain, and what these ask of VMs, are inside of the request that began them (\`rollout\`, \`rollout stop\`, \`maintenance\`, \`operation drain\`); a webhook's attempts (\`webhook delivery\`) inside of the operation that the event came of, or in a trace of their own for what a guest does by itself.
`;

/** docs/configuration.md. */
export function configurationPage(): string {
  const parts = Object.entries(TABLES).map(([name, table]) => {
    const settings = Object.entries(table);
    const flags = settings.some(([, { flag }]) => flag !== null);
    const columns = ['in the file', 'environment', ...(flags ? ['flag'] : []), 'default', ''];
    const rows = settings.map(([key, { env, flag, fallback, description }]) => [
      `\`${key}\``,
      code(env),
      ...(flags ? [code(flag === null ? null : `--${flag}`)] : []),
      fallback === null ? '**needed**' : defaultOf(fallback.text),
      description,
    ]);
    const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
    return `## ${TITLES[name as SectionName]}\n\n${lines.join('\n')}\n`;
  });
  return [INTRODUCTION, ...parts, TRACING].join('\n');
}

/** Words are no value. */
function defaultOf(text: string): string {
  return text === '' || text.includes(' ') ? text : `\`${text}\``;
}

function code(text: string | null): string {
  return text === null ? '' : `\`${text}\``;
}

/** deploy/config.schema.json. What is needed may come from elsewhere, so a file need not say it. */
export function configurationSchema(): object {
  const sections = Object.entries(TABLES).map(([name, table]) => {
    const properties = Object.entries(table).map(([key, { kind, description, fallback }]) => {
      const value = fallback?.value() ?? null;
      const plain = typeof value === 'number' || typeof value === 'boolean';
      return [key, { description, ...kind.schema, ...(plain ? { default: value } : {}) }];
    });
    return [
      name,
      { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) },
    ];
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Holdfast configuration',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(sections),
  };
}
