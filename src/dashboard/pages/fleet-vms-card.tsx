/** The VMs, searched and narrowed by phase; the matrix narrows them too. */
import { useState } from 'react';
import { Link } from 'react-router';
import { PhaseBadge, Version } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import cells from '../components/cells.module.css';
import { FilterInput, FilterSelect } from '../components/field.tsx';
import { Empty } from '../components/notice.tsx';
import { type Column, Table } from '../components/table.tsx';
import { Since } from '../components/time.tsx';
import type { Host, Vm } from '../data/types.ts';
import { memory } from '../model/format.ts';
import { sourceWords } from '../model/pin-words.ts';

const ROWS_AT_FIRST = 25;
const ROWS_MORE = 100;

export interface VmFilter {
  text: string;
  phase: string;
}

export function FleetVmsCard({
  vms,
  hosts,
  filter,
  onFilter,
  total,
}: {
  /** Those that the filter lets through. */
  vms: readonly Vm[];
  hosts: readonly Host[];
  filter: VmFilter;
  onFilter: (filter: VmFilter) => void;
  total: number;
}) {
  const [shown, setShown] = useState(ROWS_AT_FIRST);
  const hostNames = new Map(hosts.map((host) => [host.id, host.name]));
  const phases = [
    ...new Set([...vms.map((vm) => vm.phase), ...(filter.phase === '' ? [] : [filter.phase])]),
  ].sort();
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
    { header: 'Phase', cell: (vm) => <PhaseBadge phase={vm.phase} reason={vm.reason} /> },
    {
      header: 'PSCI',
      cell: ({ psci }) => (
        <span className={`${cells.line} ${cells.unbroken}`}>
          {psci.effective === null ? (
            <span className={cells.quiet}>at its first start</span>
          ) : (
            <Version version={psci.effective} />
          )}
          <span className={cells.quiet}>{sourceWords(psci)}</span>
        </span>
      ),
    },
    {
      header: 'Host',
      firm: true,
      cell: (vm) =>
        vm.hostId === null ? (
          <span className={cells.quiet}>none yet</span>
        ) : (
          (hostNames.get(vm.hostId) ?? vm.hostId)
        ),
    },
    { header: 'Size', firm: true, minor: true, cell: (vm) => `${vm.vcpus} vCPU · ${memory(vm.memoryMiB)}` },
    {
      header: 'Changed',
      firm: true,
      minor: true,
      cell: (vm) => (
        <span className={cells.quiet}>
          <Since at={vm.updatedAt} />
        </span>
      ),
    },
  ];
  return (
    <Card
      title="VMs"
      count={vms.length === total ? total : `${vms.length} of ${total}`}
      flush
      actions={
        <>
          <FilterInput
            label="Search VMs by name, id or label"
            type="search"
            placeholder="Name, id or label"
            value={filter.text}
            onChange={(event) => onFilter({ ...filter, text: event.target.value })}
          />
          <FilterSelect
            label="Phase"
            value={filter.phase}
            onChange={(event) => onFilter({ ...filter, phase: event.target.value })}
          >
            <option value="">Every phase</option>
            {phases.map((phase) => (
              <option key={phase}>{phase}</option>
            ))}
          </FilterSelect>
        </>
      }
    >
      {vms.length === 0 ? (
        <Empty title="No VM matches">
          <p>Search for something else, or show every phase and every cell of the matrix again.</p>
        </Empty>
      ) : (
        <Table label="VMs" columns={columns} rows={vms.slice(0, shown)} rowKey={(vm) => vm.id} />
      )}
      {vms.length > shown && (
        <Empty title={`${vms.length - shown} more`}>
          <Button onClick={() => setShown(shown + ROWS_MORE)}>
            Show {Math.min(ROWS_MORE, vms.length - shown)} more
          </Button>
        </Empty>
      )}
    </Card>
  );
}
