/** Who changed what, or tried to: filtered by the address bar, told with what was there before and after. */
import { useMemo } from 'react';
import { CopyLink } from '../../components/actions/copy.tsx';
import { ExportMenu } from '../../components/actions/export-menu.tsx';
import { Badge, type Colour } from '../../components/display/badge.tsx';
import { Exact } from '../../components/display/time.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { FilterRange, FilterSelect, SearchField } from '../../components/forms/field.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { PageHead } from '../../components/layout/page.tsx';
import { type Column, LongTable } from '../../components/layout/table.tsx';
import { type ChangeAddress, momentAt, useAddress } from '../../data/address.ts';
import { useApi } from '../../data/api-context.tsx';
import { AUDIT_METHODS, AUDIT_OUTCOMES, type AuditFilter, readAudit, useAudit } from '../../data/audit.ts';
import { statusOf } from '../../data/problems.ts';
import type { AuditEntry } from '../../data/types.ts';
import { AUDIT_COLUMNS, type AuditOutcome, outcomeOf, requestWords } from '../../model/audit-words.ts';
import { actorName } from '../../model/format.ts';
import styles from './audit.module.css';

const OUTCOME_COLOURS: Record<AuditOutcome, Colour> = { done: 'green', refused: 'red', unknown: 'doubt' };

export default function AuditPage() {
  const api = useApi();
  const [filter, change] = useAuditFilter();
  const audit = useAudit(filter);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const forbidden = statusOf(audit.error) === 403;
  return (
    <>
      <PageHead
        title="Audit"
        actions={
          !forbidden && (
            <>
              <CopyLink what="a link to what is shown" />
              <ExportMenu
                name="holdfast-audit"
                columns={AUDIT_COLUMNS}
                read={(progress) => readAudit(api, filter, progress)}
              />
            </>
          )
        }
      />
      {forbidden ? (
        <Notice tone="warning" title="The audit needs the role admin">
          <p>Sign in with such a token to see who changed what.</p>
        </Notice>
      ) : (
        <Card title="Changes" flush actions={<Filters filter={filter} onChange={change} />}>
          {audit.error !== null && <Problem error={audit.error} title="The audit cannot be read" />}
          {audit.loading && <Loading what="the audit" />}
          {!audit.loading && audit.error === null && audit.entries.length === 0 && (
            <Empty title={filtered ? 'No change matches' : 'No changes yet'}>
              <p>{filtered ? 'Widen the filters.' : 'Every request that changes something is kept here.'}</p>
            </Empty>
          )}
          {audit.entries.length > 0 && (
            <LongTable
              label="Audit"
              columns={COLUMNS}
              rows={audit.entries}
              rowKey={({ id }) => id}
              total={audit.complete ? audit.entries.length : null}
              onNearEnd={audit.loadMore}
            />
          )}
          {!audit.complete && !audit.loading && <Loading what="older changes" />}
        </Card>
      )}
    </>
  );
}

function useAuditFilter(): [AuditFilter, ChangeAddress] {
  const [address, change] = useAddress();
  const filter = useMemo<AuditFilter>(
    () => ({
      actor: address.get('actor') ?? undefined,
      method: AUDIT_METHODS.find((method) => method === address.get('method')),
      outcome: AUDIT_OUTCOMES.find((outcome) => outcome === address.get('outcome')),
      resourceId: address.get('resource') ?? undefined,
      since: momentAt(address, 'since'),
      until: momentAt(address, 'until'),
    }),
    [address],
  );
  return [filter, change];
}

function Filters({ filter, onChange }: { filter: AuditFilter; onChange: ChangeAddress }) {
  return (
    <>
      <SearchField
        label="Who"
        placeholder="Who"
        maxLength={200}
        value={filter.actor ?? ''}
        onSearch={(text) => onChange({ actor: text })}
      />
      <SearchField
        label="Id of what was changed"
        placeholder="Id of what was changed"
        maxLength={100}
        value={filter.resourceId ?? ''}
        onSearch={(text) => onChange({ resource: text })}
      />
      <FilterSelect
        label="Method"
        value={filter.method ?? ''}
        onChange={({ target }) => onChange({ method: target.value })}
      >
        <option value="">Every method</option>
        {AUDIT_METHODS.map((method) => (
          <option key={method}>{method}</option>
        ))}
      </FilterSelect>
      <FilterSelect
        label="Outcome"
        value={filter.outcome ?? ''}
        onChange={({ target }) => onChange({ outcome: target.value })}
      >
        <option value="">Every outcome</option>
        {AUDIT_OUTCOMES.map((outcome) => (
          <option key={outcome}>{outcome}</option>
        ))}
      </FilterSelect>
      <FilterRange
        since={filter.since}
        until={filter.until}
        onChange={(end, moment) => onChange({ [end]: moment })}
      />
    </>
  );
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  {
    header: 'Request',
    cell: (entry) => (
      <div>
        <strong className={cells.name}>{requestWords(entry)}</strong>
        <code className={styles.path}>
          {entry.method} {entry.path}
        </code>
      </div>
    ),
  },
  {
    header: 'Who',
    firm: true,
    cell: ({ actor, address }) => (
      <div>
        <span title={actor}>{actorName(actor)}</span>
        <span className={styles.address}>{address}</span>
      </div>
    ),
  },
  {
    header: 'Outcome',
    cell: (entry) => (
      <div className={cells.line}>
        <Badge
          colour={OUTCOME_COLOURS[outcomeOf(entry)]}
          title={entry.status === null ? 'The process ended before it answered' : `Status ${entry.status}`}
        >
          {outcomeOf(entry)}
        </Badge>
        {entry.code !== null && <code>{entry.code}</code>}
        {entry.override !== null && <Badge colour="amber">{`overridden: ${entry.override}`}</Badge>}
      </div>
    ),
  },
  { header: 'What changed', cell: (entry) => <Changes entry={entry} /> },
  { header: 'When', firm: true, cell: ({ at }) => <Exact at={at} /> },
];

function Changes({ entry: { changes } }: { entry: AuditEntry }) {
  if (changes.length === 0) return <span className={cells.quiet}>–</span>;
  return (
    <details className={styles.changes}>
      <summary>{changes.map(({ resource }) => resource).join(', ')}</summary>
      {changes.map(({ resource, resourceId, before, after }) => (
        <dl key={`${resource} ${resourceId}`}>
          <dt>
            {resource} <code>{resourceId}</code>
          </dt>
          {[...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].map((field) => (
            <dd key={field}>
              <code>{field}</code>: {valueWords(before, field)} → {valueWords(after, field)}
            </dd>
          ))}
        </dl>
      ))}
    </details>
  );
}

function valueWords(row: Record<string, unknown> | null, field: string): string {
  if (row === null || !(field in row)) return '–';
  const value = row[field];
  return typeof value === 'string' ? value : JSON.stringify(value);
}
