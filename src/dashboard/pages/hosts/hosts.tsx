/** Every host, narrowed by what it is called, how it stands and what it accepts. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button, LinkButton } from '../../components/actions/button.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { FilterInput, FilterSelect } from '../../components/forms/field.tsx';
import { Card } from '../../components/layout/card.tsx';
import { PageHead, Stack } from '../../components/layout/page.tsx';
import { Tiles } from '../../components/layout/tiles.tsx';
import { useAddress } from '../../data/address.ts';
import { useCan } from '../../data/permissions.ts';
import { useHosts } from '../../data/queries.ts';
import type { Host } from '../../data/types.ts';
import { HOST_FILTERS, type HostFilter, narrowHosts, sumHosts } from '../../model/host-list.ts';
import { EnrolHost } from './enrol-host.tsx';
import { LongHostTable } from './host-table.tsx';

export default function HostsPage() {
  const hosts = useHosts();
  const mayEnrol = useCan('admin');
  const [enrolling, setEnrolling] = useState(false);
  return (
    <>
      <PageHead
        title="Hosts"
        actions={
          <>
            {(hosts.data?.length ?? 0) > 1 && <LinkButton to="/hosts/compare">Compare two hosts</LinkButton>}
            {mayEnrol && !enrolling && (hosts.data?.length ?? 0) > 0 && (
              <Button tone="primary" onClick={() => setEnrolling(true)}>
                <Plus size={16} aria-hidden />
                Enrol a host
              </Button>
            )}
          </>
        }
      />
      <Stack>
        {hosts.isError && <Problem error={hosts.error} title="The hosts cannot be read" />}
        {hosts.isPending && <Loading what="the hosts" />}
        {(enrolling || hosts.data?.length === 0) && (
          <EnrolCard none={hosts.data?.length === 0} may={mayEnrol} />
        )}
        {hosts.data !== undefined && hosts.data.length > 0 && <Hosts hosts={hosts.data} />}
      </Stack>
    </>
  );
}

function EnrolCard({ none, may }: { none: boolean; may: boolean }) {
  return (
    <Card title="Enrol a host" flush>
      <Empty title={none ? 'There is no host yet' : 'A new host'}>
        <p>
          A host is an arm64 machine with <code>/dev/kvm</code>. It enrols with a token that is good once, and
          appears here within seconds, with what its kernel accepts.
        </p>
        {may ? <EnrolHost /> : <p>An admin can make such a token.</p>}
      </Empty>
    </Card>
  );
}

function Hosts({ hosts }: { hosts: readonly Host[] }) {
  const [search, change] = useAddress();
  const filter: HostFilter = {
    text: search.get('q') ?? '',
    state: search.get('state') ?? '',
    version: search.get('psci') ?? '',
  };
  const shown = narrowHosts(hosts, filter);
  const versions = [...new Set(hosts.flatMap(({ psci }) => psci.accepted))].sort();
  const { silent, cordoned, changed, vcpus, vcpusUsed } = sumHosts(hosts);

  return (
    <>
      <Tiles
        tiles={[
          { label: 'Hosts heard', value: hosts.length - silent, of: hosts.length, alarm: silent > 0 },
          { label: 'Cordoned', value: cordoned },
          { label: 'Answer otherwise than before', value: changed, alarm: changed > 0 },
          { label: 'vCPUs held by VMs', value: vcpusUsed, of: vcpus },
        ]}
      />
      <Card
        title="Hosts"
        count={
          shown.length === hosts.length
            ? hosts.length.toLocaleString('en')
            : `${shown.length.toLocaleString('en')} of ${hosts.length.toLocaleString('en')}`
        }
        flush
        actions={
          <>
            <FilterInput
              label="Search hosts by name, kernel or label"
              type="search"
              placeholder="Name, kernel or label"
              value={filter.text}
              onChange={({ target }) => change({ q: target.value })}
            />
            <FilterSelect
              label="State"
              value={filter.state}
              onChange={({ target }) => change({ state: target.value })}
            >
              {HOST_FILTERS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </FilterSelect>
            <FilterSelect
              label="PSCI version accepted"
              value={filter.version}
              onChange={({ target }) => change({ psci: target.value })}
            >
              <option value="">Any PSCI</option>
              {versions.map((version) => (
                <option key={version} value={version}>
                  accepts {version}
                </option>
              ))}
            </FilterSelect>
          </>
        }
      >
        {shown.length === 0 ? (
          <Empty title="No host matches">
            <p>Search for something else, or show every state and version again.</p>
          </Empty>
        ) : (
          <LongHostTable hosts={shown} />
        )}
      </Card>
    </>
  );
}
