/** Two hosts side by side: what a guest that moves from the one to the other would meet. The address names both. */
import { Link } from 'react-router';
import { Badge, Version } from '../../components/display/badge.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { PageHead, Stack } from '../../components/layout/page.tsx';
import { useAddress } from '../../data/address.ts';
import { useHostDiff } from '../../data/hosts.ts';
import { useHosts } from '../../data/queries.ts';
import type { Host, PsciVersion } from '../../data/types.ts';
import { count } from '../../model/format.ts';
import { compareHosts } from '../../model/host-compare.ts';
import styles from './compare.module.css';
import { DifferenceList } from './difference-list.tsx';
import { HostSelect } from './host-select.tsx';
import { AcceptedVersions, HostStateBadge } from './host-table.tsx';

export default function ComparePage() {
  const hosts = useHosts();
  const [search, change] = useAddress();
  const chosen = (name: 'a' | 'b') => hosts.data?.find(({ id }) => id === search.get(name));
  const [a, b] = [chosen('a'), chosen('b')];
  return (
    <>
      <PageHead title="Compare two hosts" crumb={<Link to="/hosts">Hosts</Link>} />
      <Stack>
        {hosts.isError && <Problem error={hosts.error} title="The hosts cannot be read" />}
        {hosts.isPending && <Loading what="the hosts" />}
        {hosts.data !== undefined && (
          <div className={styles.pair}>
            {(['a', 'b'] as const).map((name) => (
              <Card key={name} title={name === 'a' ? 'From' : 'To'}>
                <HostSelect
                  label={name === 'a' ? 'A guest leaves' : 'and comes to'}
                  hosts={hosts.data}
                  value={chosen(name)?.id ?? ''}
                  onChange={(hostId) => change({ [name]: hostId })}
                />
                <Summary host={chosen(name)} />
              </Card>
            ))}
          </div>
        )}
        {a !== undefined && b !== undefined && a.id !== b.id && <Comparison a={a} b={b} />}
        {a !== undefined && a.id === b?.id && <Notice>Choose two different hosts.</Notice>}
      </Stack>
    </>
  );
}

function Summary({ host }: { host: Host | undefined }) {
  if (host === undefined) return null;
  return (
    <div className={styles.summary}>
      <span className={cells.line}>
        <Link to={`/hosts/${host.id}`}>{host.name}</Link>
        <HostStateBadge host={host} />
      </span>
      <code>{host.kernel}</code>
      <AcceptedVersions host={host} />
    </div>
  );
}

function Comparison({ a, b }: { a: Host; b: Host }) {
  const { onlyA, onlyB, alike, unlike, unmeasured } = compareHosts(a, b);
  return (
    <>
      <Card title="Versions">
        <ul className={styles.versions}>
          <Versions
            versions={alike}
            badge="same"
            colour="green"
            words="Guests are answered the same on both."
          />
          <Versions
            versions={unlike}
            badge="differs"
            colour="amber"
            words="Answered differently: see below."
          />
          <Versions
            versions={unmeasured}
            badge="not measured"
            colour="grey"
            words="Accepted by both; one of them has not told yet what it answers."
          />
          <Versions
            versions={onlyA}
            badge="not there"
            colour="red"
            words={`Only ${a.name} accepts it: a guest with this pin cannot come along.`}
          />
          <Versions versions={onlyB} badge="more" colour="grey" words={`Only ${b.name} accepts it.`} />
        </ul>
      </Card>
      {unlike.map((version) => (
        <VersionDiff key={version} version={version} a={a} b={b} />
      ))}
      {unlike.length === 0 && unmeasured.length === 0 && (
        <Card title="Answers" flush>
          <Empty title="Nothing differs">
            <p>At every version that both accept, guests are answered the same on either host.</p>
          </Empty>
        </Card>
      )}
    </>
  );
}

function Versions({
  versions,
  badge,
  colour,
  words,
}: {
  versions: readonly string[];
  badge: string;
  words: string;
  colour: 'green' | 'amber' | 'red' | 'grey';
}) {
  if (versions.length === 0) return null;
  return (
    <li>
      <span className={cells.line}>
        {versions.map((version) => (
          <Version key={version} version={version} />
        ))}
      </span>
      <Badge colour={colour}>{badge}</Badge>
      <span>{words}</span>
    </li>
  );
}

function VersionDiff({ version, a, b }: { version: PsciVersion; a: Host; b: Host }) {
  const diff = useHostDiff(version, a.id, b.id);
  return (
    <Card
      title={`At PSCI ${version}`}
      count={diff.data === undefined ? undefined : count(diff.data.changes.length, 'difference')}
      flush
    >
      {diff.isError && <Problem error={diff.error} title="The differences cannot be read" />}
      {diff.isPending && <Loading what="the differences" />}
      {diff.data !== undefined && diff.data.changes.length === 0 && (
        <Empty title="Nothing that every guest is answered">
          <p>Only what the CPU and the firmware registers decide differs; that is recorded with each VM.</p>
        </Empty>
      )}
      {diff.data !== undefined && diff.data.changes.length > 0 && (
        <DifferenceList
          label={`Differences at PSCI ${version}`}
          differences={diff.data.changes.map(({ description, function: name }) => ({
            version,
            description,
            worse: diff.data.vanish.includes(name),
          }))}
        />
      )}
    </Card>
  );
}
