/** The answer to a preflight, at an address that can be sent to others: verdicts by host and by VM, and why. */
import { Check, Link2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { Button, LinkButton } from '../../components/actions/button.tsx';
import { Id } from '../../components/actions/copy.tsx';
import { Badge, type Colour, Version } from '../../components/display/badge.tsx';
import { Exact, Since } from '../../components/display/time.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { FilterInput, FilterSelect } from '../../components/forms/field.tsx';
import { Card, Facts } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { MoreRows } from '../../components/layout/more-rows.tsx';
import { Columns, PageHead, Stack } from '../../components/layout/page.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { Tiles } from '../../components/layout/tiles.tsx';
import { useAddress } from '../../data/address.ts';
import { usePreflight } from '../../data/preflights.ts';
import { statusOf } from '../../data/problems.ts';
import { useHosts } from '../../data/queries.ts';
import type { Preflight, Verdict } from '../../data/types.ts';
import { actorName } from '../../model/format.ts';
import { answerWords, VERDICT_WORDS, VERDICTS, whoWords } from '../../model/preflight-question.ts';
import styles from './preflight.module.css';

type PreflightVm = Preflight['vms'][number];
type PreflightHost = Preflight['hosts'][number];

const ROWS = 50;
const HOST_ROWS = 8;
const VERDICT_COLOURS: Record<Verdict, Colour> = {
  keeps: 'green',
  seesChange: 'amber',
  cannotStart: 'red',
  cannotResume: 'red',
};

export default function PreflightPage() {
  const { preflightId = '' } = useParams();
  const preflight = usePreflight(preflightId);
  const crumb = <Link to="/preflights">Preflights</Link>;
  if (preflight.data === undefined) {
    const gone = statusOf(preflight.error) === 404;
    return (
      <>
        <PageHead title="Preflight" crumb={crumb} />
        {preflight.isPending && <Loading what="the answer" />}
        {gone && (
          <Notice tone="warning" title="There is no such answer">
            <p>
              Answers are kept for 90 days. <Link to="/preflights">Ask again</Link>
            </p>
          </Notice>
        )}
        {preflight.isError && !gone && <Problem error={preflight.error} title="The answer cannot be read" />}
      </>
    );
  }
  return <Answer preflight={preflight.data} crumb={crumb} />;
}

function Answer({ preflight, crumb }: { preflight: Preflight; crumb: ReactNode }) {
  const { counts, request, target, hosts } = preflight;
  const only = hosts.length === 1 ? hosts[0] : undefined;
  const objections = counts.cannotStart + counts.cannotResume;
  return (
    <>
      <PageHead
        title={`If ${whoWords(request, only?.name ?? null)} got ${target.description}`}
        crumb={crumb}
        actions={
          <>
            <CopyLink />
            {only !== undefined && (
              <LinkButton to={`/hosts/${only.hostId}`}>To the host and its upgrade</LinkButton>
            )}
          </>
        }
      />
      <Stack>
        <Notice tone={objections > 0 ? 'danger' : counts.seesChange > 0 ? 'warning' : 'plain'}>
          <p className={styles.verdict}>{answerWords(counts)}</p>
        </Notice>
        <Tiles
          tiles={VERDICTS.toReversed().map((verdict) => ({
            label: VERDICT_WORDS[verdict],
            value: counts[verdict],
            alarm: verdict !== 'keeps' && counts[verdict] > 0,
          }))}
        />
        <Columns aside={<TargetCard preflight={preflight} />}>
          <HostsCard hosts={hosts} />
        </Columns>
        <DifferencesCard differences={preflight.differences} />
        <VmsCard preflight={preflight} />
      </Stack>
    </>
  );
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  // Browsers give the clipboard to pages from HTTPS or localhost only; the address bar has the link as well.
  if (navigator.clipboard === undefined) return null;
  return (
    <Button onClick={() => void navigator.clipboard.writeText(location.href).then(() => setCopied(true))}>
      {copied ? <Check size={16} aria-hidden /> : <Link2 size={16} aria-hidden />}
      {copied ? 'Link copied' : 'Copy the link'}
    </Button>
  );
}

function TargetCard({ preflight }: { preflight: Preflight }) {
  const { target, createdAt, requestedBy, id } = preflight;
  return (
    <Card title="The question">
      <Facts
        facts={[
          [
            'Accepts then',
            <span key="accepted" className={cells.line}>
              {target.accepted.map((version) => (
                <Version key={version} version={version} isDefault={version === target.default} />
              ))}
            </span>,
          ],
          [
            'Answers',
            target.fingerprint === null ? (
              'not compared: nothing was measured'
            ) : (
              <span key="fingerprint">
                as measured, <Id id={target.fingerprint} what="the fingerprint" />
              </span>
            ),
          ],
          [
            'As of',
            <span key="at">
              <Exact at={createdAt} /> (<Since at={createdAt} />)
            </span>,
          ],
          ['Asked by', actorName(requestedBy)],
          ['Id', <Id key="id" id={id} what="the answer’s id" />],
        ]}
      />
    </Card>
  );
}

const HOST_COLUMNS: readonly Column<PreflightHost>[] = [
  {
    header: 'Host',
    firm: true,
    cell: ({ hostId, name }) => (
      <Link to={`/hosts/${hostId}`} className={cells.name}>
        {name}
      </Link>
    ),
  },
  { header: 'Kernel', cell: ({ kernel }) => <code>{kernel}</code> },
  {
    header: 'VMs',
    cell: ({ counts }) => {
      const parts = VERDICTS.flatMap((verdict) =>
        counts[verdict] === 0 ? [] : [`${counts[verdict]} ${VERDICT_WORDS[verdict]}`],
      );
      return <span className={cells.quiet}>{parts.length === 0 ? 'none' : parts.join(', ')}</span>;
    },
  },
];

function HostsCard({ hosts: unsorted }: { hosts: readonly PreflightHost[] }) {
  const [rows, setRows] = useState(HOST_ROWS);
  const hosts = unsorted.toSorted((a, b) => objections(b) - objections(a));
  return (
    <Card title="Hosts" count={hosts.length.toLocaleString('en')} flush>
      {hosts.length === 0 ? (
        <Empty title="No host has these labels" />
      ) : (
        <Table
          label="Hosts of the preflight"
          columns={HOST_COLUMNS}
          rows={hosts.slice(0, rows)}
          rowKey={({ hostId }) => hostId}
        />
      )}
      <MoreRows show={hosts.length > rows} left={hosts.length - rows} onMore={() => setRows(rows + ROWS)} />
    </Card>
  );
}

/** Those with the most VMs that could not go on come first, then those whose guests would see a change. */
function objections({ counts: { cannotStart, cannotResume, seesChange } }: PreflightHost): number {
  return (cannotStart + cannotResume) * 1_000_000 + seesChange;
}

function DifferencesCard({ differences }: Pick<Preflight, 'differences'>) {
  if (differences.length === 0) return null;
  return (
    <Card title="What guests would see change" count={differences.length} flush>
      <ul className={styles.differences}>
        {differences.map(({ id, from, to, words, breaks }) => (
          <li key={id} id={`difference-${id}`}>
            <h3>
              <Version version={from} /> → <Version version={to} />
            </h3>
            <ul className={styles.words}>
              {words.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            {breaks.length > 0 && (
              <Notice tone="danger" title="Known to break">
                <ul>
                  {breaks.map((guest) => (
                    <li key={guest}>{guest}</li>
                  ))}
                </ul>
              </Notice>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function VmsCard({ preflight }: { preflight: Preflight }) {
  const [search, change] = useAddress();
  const [rows, setRows] = useState(ROWS);
  const hostNames = new Map([
    ...(useHosts().data ?? []).map(({ id, name }) => [id, name] as const),
    ...preflight.hosts.map(({ hostId, name }) => [hostId, name] as const),
  ]);
  const verdict = VERDICTS.find((known) => known === search.get('verdict')) ?? null;
  const text = (search.get('q') ?? '').trim().toLowerCase();
  const shown = preflight.vms
    .filter((vm) => (verdict === null || vm.verdict === verdict) && vm.name.toLowerCase().includes(text))
    // What objects comes first.
    .sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
  const columns: readonly Column<PreflightVm>[] = [
    {
      header: 'VM',
      firm: true,
      cell: ({ vmId, name }) => (
        <Link to={`/vms/${vmId}`} className={cells.name}>
          {name}
        </Link>
      ),
    },
    {
      header: 'Verdict',
      firm: true,
      cell: (vm) => <Badge colour={VERDICT_COLOURS[vm.verdict]}>{VERDICT_WORDS[vm.verdict]}</Badge>,
    },
    {
      header: 'PSCI',
      firm: true,
      cell: ({ from, to }) => (
        <span className={`${cells.line} ${cells.unbroken}`}>
          {from === null ? '–' : <Version version={from} />}
          {to !== from && (
            <>→ {to === null ? <span className={cells.quiet}>none</span> : <Version version={to} />}</>
          )}
        </span>
      ),
    },
    {
      header: 'Host',
      firm: true,
      minor: true,
      cell: ({ hostId, bound }) => (
        <span>
          {hostNames.get(hostId) ?? '–'}
          {bound && <span className={cells.quiet}> (bound by its disks)</span>}
        </span>
      ),
    },
    { header: 'Why', cell: ({ reason }) => <span className={cells.quiet}>{reason}</span> },
  ];
  return (
    <Card
      title="VMs"
      count={shown.length.toLocaleString('en')}
      flush
      actions={
        <>
          <FilterInput
            label="Search VMs by name"
            type="search"
            placeholder="Name"
            value={search.get('q') ?? ''}
            onChange={({ target }) => change({ q: target.value })}
          />
          <FilterSelect
            label="Verdict"
            value={verdict ?? ''}
            onChange={({ target }) => change({ verdict: target.value })}
          >
            <option value="">Every verdict</option>
            {VERDICTS.map((known) => (
              <option key={known} value={known}>
                {VERDICT_WORDS[known]} ({preflight.counts[known]})
              </option>
            ))}
          </FilterSelect>
        </>
      }
    >
      {shown.length === 0 ? (
        <Empty title={preflight.vms.length === 0 ? 'No VM is on these hosts' : 'No VM matches'} />
      ) : (
        <Table
          label="VMs of the preflight"
          columns={columns}
          rows={shown.slice(0, rows)}
          rowKey={({ vmId }) => vmId}
        />
      )}
      <MoreRows show={shown.length > rows} left={shown.length - rows} onMore={() => setRows(rows + 200)} />
    </Card>
  );
}
