/** What a host's KVM answers guests: against the table, against its kernel before, and by version. */
import { LinkButton } from '../../components/actions/button.tsx';
import { Id } from '../../components/actions/copy.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { useHostFingerprint } from '../../data/hosts.ts';
import type { Host, HostFingerprint } from '../../data/types.ts';
import { count } from '../../model/format.ts';
import { DifferenceList } from './difference-list.tsx';
import styles from './fingerprint-card.module.css';
import { AnswersBadge } from './host-table.tsx';

export function FingerprintCard({ host }: { host: Host }) {
  const fingerprint = useHostFingerprint(host.id);
  return (
    <Card
      title="What it answers guests"
      count={<AnswersBadge host={host} />}
      flush
      actions={<LinkButton to={`/hosts/compare?a=${host.id}`}>Compare with another host</LinkButton>}
    >
      {fingerprint.isError && <Problem error={fingerprint.error} title="Its fingerprint cannot be read" />}
      {fingerprint.isPending && <Loading what="its fingerprint" />}
      {fingerprint.data === null && (
        <Empty title="Not measured yet">
          <p>
            Its agent measures it in the first minutes of each boot, in a scratch VM that calls every PSCI
            function in every way.
          </p>
        </Empty>
      )}
      {fingerprint.data && <Measured fingerprint={fingerprint.data} />}
    </Card>
  );
}

function Measured({ fingerprint }: { fingerprint: HostFingerprint }) {
  const { digest, takenAt, versions, differences, previous, changes } = fingerprint;
  return (
    <>
      <p className={styles.taken}>
        <Id id={digest} what="the fingerprint" />
        <span className={cells.quiet}>
          measured <Since at={takenAt} /> at {versions.map(({ version }) => version).join(', ')}
        </span>
      </p>
      {previous !== null && previous.digest !== digest && (
        <Section
          title={`Since ${previous.kernel}, which it ran before`}
          none="Its answers are the same at every version that both kernels accept."
          words={(number) => `${count(number, 'answer')} changed at the versions that both kernels accept.`}
          differences={changes}
        />
      )}
      <Section
        title="Against what Linux is known to answer"
        none="Every answer is as the table says."
        words={(number) => `${count(number, 'answer')} ${number === 1 ? 'is' : 'are'} not as the table says.`}
        differences={differences}
      />
      {differences.some(({ worse }) => worse) && (
        <Notice tone="warning">
          A call that should be answered is refused, or does not come back. Guests that need it should not be
          placed here: pin them to a version at which it is answered.
        </Notice>
      )}
    </>
  );
}

function Section({
  title,
  none,
  words,
  differences,
}: {
  title: string;
  none: string;
  words: (number: number) => string;
  differences: HostFingerprint['differences'];
}) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.head}>
        <h3>{title}</h3>
        <p>{differences.length === 0 ? none : words(differences.length)}</p>
      </div>
      {differences.length > 0 && <DifferenceList label={title} differences={differences} />}
    </section>
  );
}
