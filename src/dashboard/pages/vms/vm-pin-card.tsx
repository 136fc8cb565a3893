/** The pin of a VM: what it is, the whole chain of why, and the way to change it. */
import { Check } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { Badge, Version } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { Card } from '../../components/layout/card.tsx';
import { useCan } from '../../data/permissions.ts';
import { usePolicies } from '../../data/policies.ts';
import { useVmPsci } from '../../data/queries.ts';
import type { Vm, VmPsci } from '../../data/types.ts';
import { shortId } from '../../model/format.ts';
import { candidateWords, policySentence } from '../../model/pin-words.ts';
import styles from './vm-pin-card.module.css';
import { VmPinDialog } from './vm-pin-dialog.tsx';

export function VmPinCard({ vm }: { vm: Vm }) {
  const psci = useVmPsci(vm.id);
  const mayChange = useCan('operator');
  const [changing, setChanging] = useState(false);
  return (
    <Card
      title="Pin"
      actions={
        mayChange &&
        psci.data !== undefined && (
          <Button onClick={() => setChanging(true)} disabled={psci.data.locked?.overridable === false}>
            Change…
          </Button>
        )
      }
    >
      <div className={styles.pin}>
        <p className={styles.version}>
          <strong>{vm.psci.effective === null ? 'Not yet' : `PSCI ${vm.psci.effective}`}</strong>
          {vm.psci.pinnedAt !== null && (
            <span>
              since <Since at={vm.psci.pinnedAt} />
            </span>
          )}
        </p>
        {vm.psci.policy === 'latest' ? (
          <Notice tone="warning">{policySentence('latest')}</Notice>
        ) : (
          <p>{policySentence(vm.psci.policy)}</p>
        )}
        <p>
          <Badge colour={vm.psci.hibernateDetection ? 'green' : 'grey'}>
            {vm.psci.hibernateDetection ? 'can say that it hibernates' : 'cannot say that it hibernates'}
          </Badge>
        </p>
        {psci.isPending && <Loading what="the reasons" />}
        {psci.isError && <Problem error={psci.error} title="The reasons cannot be read" />}
        {psci.data !== undefined && <Reasons psci={psci.data} />}
      </div>
      {changing && psci.data !== undefined && (
        <VmPinDialog vm={vm} locked={psci.data.locked} onClose={() => setChanging(false)} />
      )}
    </Card>
  );
}

/** A fleet policy leads to its page. */
function Source({ source }: Pick<VmPsci['candidates'][number], 'source'>) {
  const policies = usePolicies();
  if (!source.startsWith('policy:')) return candidateWords(source);
  const policyId = source.slice('policy:'.length);
  const name = policies.data?.find(({ id }) => id === policyId)?.name;
  return <Link to={`/policies/${policyId}`}>Policy {name ?? shortId(policyId)}</Link>;
}

function Reasons({ psci }: { psci: VmPsci }) {
  return (
    <>
      <h3>Why, at its next cold boot</h3>
      <ol className={styles.why}>
        {psci.candidates.map(({ source, version, won, why }) => (
          <li key={source} data-won={won}>
            {won ? <Check size={15} aria-label="decides" /> : <span />}
            <strong>
              <Source source={source} />
            </strong>
            {version === null ? <span /> : <Version version={version} />}
            <p>{why}</p>
          </li>
        ))}
      </ol>
      {psci.next !== null && psci.next.version !== psci.effective && (
        <Notice tone="warning">The next cold boot will change it to PSCI {psci.next.version}.</Notice>
      )}
      {psci.locked !== null && (
        <Notice title="Locked">
          <p>{psci.locked.detail}</p>
        </Notice>
      )}
    </>
  );
}
