/** VMs found on the server, narrowed by the address: what is searched for, phase, pin, kernel and host. */
import { X } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { Badge, PhaseBadge, Version } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { FilterSelect, SearchField } from '../../components/forms/field.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { type Column, LongTable, Table } from '../../components/layout/table.tsx';
import { type ChangeAddress, useAddress } from '../../data/address.ts';
import { useFleetSummary, useHosts } from '../../data/queries.ts';
import type { Vm } from '../../data/types.ts';
import {
  PHASES,
  PSCI_VERSIONS,
  useVmList,
  useVmsNow,
  type VmFilter,
  type VmsNow,
} from '../../data/vm-list.ts';
import { memory, shortId } from '../../model/format.ts';
import { sourceWords } from '../../model/pin-words.ts';

/** The filter as the address holds it. */
function useVmFilter(): [VmFilter, ChangeAddress, URLSearchParams] {
  const [address, change] = useAddress();
  const filter = useMemo<VmFilter>(
    () => ({
      search: address.get('q') ?? undefined,
      phase: PHASES.find((phase) => phase === address.get('phase')),
      psciVersion: PSCI_VERSIONS.find((version) => version === address.get('psci')),
      kernel: address.get('kernel') ?? undefined,
      hostId: address.get('host') ?? undefined,
    }),
    [address],
  );
  return [filter, change, address];
}

/**
 * `first`: only so many, with a link to all of them; otherwise as many as one scrolls to.
 */
export function VmListCard({ first }: { first?: number }) {
  const [filter, change, address] = useVmFilter();
  const hosts = useHosts().data ?? [];
  const list = useVmList(filter);
  const shownFirst = first === undefined ? null : list.vms.slice(0, first);
  const [onScreen, setOnScreen] = useState<readonly Vm[]>([]);
  const now = useVmsNow(useMemo(() => (shownFirst ?? onScreen).map(({ id }) => id), [shownFirst, onScreen]));
  const hostNames = new Map(hosts.map((host) => [host.id, host.name]));
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  const total = useTotal(narrowed, list);
  const columns = columnsOf(hostNames, now);

  return (
    <Card
      title="VMs"
      count={list.loading ? undefined : countWords(total, list.vms.length)}
      flush
      actions={
        <>
          <SearchField
            label="Search VMs by name, id or label"
            placeholder="Name, id or label"
            maxLength={100}
            value={filter.search ?? ''}
            onSearch={(q) => change({ q })}
          />
          <FilterSelect
            label="Phase"
            value={filter.phase ?? ''}
            onChange={({ target }) => change({ phase: target.value })}
          >
            <option value="">Every phase</option>
            {PHASES.map((phase) => (
              <option key={phase}>{phase}</option>
            ))}
          </FilterSelect>
          <FilterSelect
            label="PSCI version"
            value={filter.psciVersion ?? ''}
            onChange={({ target }) => change({ psci: target.value })}
          >
            <option value="">Every version</option>
            {PSCI_VERSIONS.map((version) => (
              <option key={version} value={version}>
                PSCI {version}
              </option>
            ))}
          </FilterSelect>
          {filter.kernel !== undefined && (
            <Narrowing onClear={() => change({ kernel: '' })}>
              {filter.kernel === 'none' ? 'on no host yet' : `kernel ${filter.kernel}`}
            </Narrowing>
          )}
          {filter.hostId !== undefined && (
            <Narrowing onClear={() => change({ host: '' })}>
              host {hostNames.get(filter.hostId) ?? filter.hostId}
            </Narrowing>
          )}
        </>
      }
    >
      {list.error !== null && <Problem error={list.error} title="The VMs cannot be read" />}
      {list.loading && <Loading what="VMs" />}
      {!list.loading && list.error === null && list.vms.length === 0 && (
        <Empty title={narrowed ? 'No VM matches' : 'No VMs yet'}>
          <p>
            {narrowed ? (
              'Search for something else, or take filters away.'
            ) : (
              <>
                The page <Link to="/">Fleet</Link> shows the first steps.
              </>
            )}
          </p>
        </Empty>
      )}
      {shownFirst !== null && shownFirst.length > 0 && (
        <Table label="VMs" columns={columns} rows={shownFirst} rowKey={(vm) => vm.id} />
      )}
      {shownFirst !== null && (list.vms.length > shownFirst.length || !list.complete) && (
        <Empty
          title={
            total === null ? 'There are more' : `${(total - shownFirst.length).toLocaleString('en')} more`
          }
        >
          <Link to={`/vms?${address}`}>Show them all</Link>
        </Empty>
      )}
      {shownFirst === null && list.vms.length > 0 && (
        <LongTable
          label="VMs"
          columns={columns}
          rows={list.vms}
          rowKey={(vm) => vm.id}
          total={total}
          onNearEnd={list.loadMore}
          onShown={setOnScreen}
        />
      )}
      {shownFirst === null && !list.complete && !list.loading && <Loading what="more VMs" />}
    </Card>
  );
}

function countWords(total: number | null, read: number): string {
  return total === null ? `${read.toLocaleString('en')} and more` : total.toLocaleString('en');
}

/** How many VMs the list has in all; null where nobody counted them. */
function useTotal(narrowed: boolean, { vms, complete }: { vms: readonly Vm[]; complete: boolean }) {
  const { data } = useFleetSummary();
  if (complete) return vms.length;
  return narrowed ? null : (data?.vms.total ?? null);
}

function columnsOf(hostNames: ReadonlyMap<string, string>, { vms: now, gone }: VmsNow): Column<Vm>[] {
  const newest = (vm: Vm) => now.get(vm.id) ?? vm;
  const columns: Column<Vm>[] = [
    {
      header: 'VM',
      firm: true,
      cell: (vm) => (
        <Link to={`/vms/${vm.id}`} className={cells.name}>
          {vm.name}
        </Link>
      ),
    },
    {
      header: 'Phase',
      cell: (vm) =>
        gone.has(vm.id) ? (
          <Badge colour="grey">deleted</Badge>
        ) : (
          <PhaseBadge phase={newest(vm).phase} reason={newest(vm).reason} />
        ),
    },
    {
      header: 'PSCI',
      cell: (vm) => {
        const { psci } = newest(vm);
        return (
          <span className={`${cells.line} ${cells.unbroken}`}>
            {psci.effective === null ? (
              <span className={cells.quiet}>at its first start</span>
            ) : (
              <Version version={psci.effective} />
            )}
            <span className={cells.quiet}>{sourceWords(psci)}</span>
          </span>
        );
      },
    },
    {
      header: 'Host',
      firm: true,
      cell: (vm) => {
        const { hostId } = newest(vm);
        if (hostId === null) return <span className={cells.quiet}>none yet</span>;
        return <Link to={`/hosts/${hostId}`}>{hostNames.get(hostId) ?? shortId(hostId)}</Link>;
      },
    },
    { header: 'Size', firm: true, minor: true, cell: (vm) => `${vm.vcpus} vCPU · ${memory(vm.memoryMiB)}` },
    { header: 'Labels', minor: true, cell: (vm) => <span className={cells.quiet}>{labelWords(vm)}</span> },
    {
      header: 'Changed',
      firm: true,
      minor: true,
      cell: (vm) => (
        <span className={cells.quiet}>
          <Since at={newest(vm).updatedAt} />
        </span>
      ),
    },
  ];
  return columns;
}

function labelWords({ labels }: Vm): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}:${value}`);
  return pairs.length === 0 ? '–' : pairs.join(' ');
}

function Narrowing({ children, onClear }: { children: ReactNode; onClear: () => void }) {
  return (
    <Button onClick={onClear} title="Take this filter away">
      {children}
      <X size={14} aria-hidden />
      <span className="visually-hidden">: take this filter away</span>
    </Button>
  );
}
