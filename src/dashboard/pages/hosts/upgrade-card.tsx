/** The kernel upgrade of a host, step by step: what is done, what is waited for, and what a person must do. */
import { Check, Hand } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { Badge, type Colour } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { Notice } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { isUnderWay, useMaintenanceAction } from '../../data/hosts.ts';
import { useCan } from '../../data/permissions.ts';
import type { Maintenance } from '../../data/types.ts';
import { actorName } from '../../model/format.ts';
import { STEP_WORDS, stepState, UPGRADE_STEPS, type UpgradeStep } from '../../model/host-words.ts';
import styles from './upgrade-card.module.css';

const STATUS: Record<Maintenance['status'], { colour: Colour; words: string }> = {
  draining: { colour: 'blue', words: 'emptying' },
  awaitingReboot: { colour: 'amber', words: 'waits for the reboot' },
  checking: { colour: 'blue', words: 'checking' },
  differs: { colour: 'red', words: 'waits for you' },
  completed: { colour: 'green', words: 'completed' },
  cancelled: { colour: 'grey', words: 'cancelled' },
};

export function UpgradeCard({ maintenance }: { maintenance: Maintenance }) {
  const act = useMaintenanceAction(maintenance.hostId);
  const mayAct = useCan('operator');
  const toast = useToast();
  const { colour, words } = STATUS[maintenance.status];
  const underWay = isUnderWay(maintenance);
  const { before, after, findings } = maintenance;
  return (
    <Card
      title="Kernel upgrade"
      count={
        <Badge
          colour={colour}
          moving={maintenance.status === 'draining' || maintenance.status === 'checking'}
        >
          {words}
        </Badge>
      }
      actions={
        <>
          <span className={cells.quiet}>
            begun <Since at={maintenance.createdAt} /> by {actorName(maintenance.requestedBy)}
          </span>
          {underWay && mayAct && (
            <Button
              disabled={act.isPending}
              onClick={() =>
                act.mutate('cancel', {
                  onSuccess: () => toast.done('The upgrade is cancelled', 'The host stays cordoned.'),
                  onError: (error) => toast.failed('It was not cancelled', error),
                })
              }
            >
              Cancel the upgrade
            </Button>
          )}
        </>
      }
    >
      <p className={styles.kernels}>
        <code>{before.kernel}</code> → {after === null ? 'a new kernel' : <code>{after.kernel}</code>}
        {maintenance.preflightId !== null && (
          <Link to={`/preflights/${maintenance.preflightId}`}>What was foretold</Link>
        )}
      </p>
      <ol className={styles.steps}>
        {UPGRADE_STEPS.map((step) => (
          <Step key={step} step={step} maintenance={maintenance} />
        ))}
      </ol>
      {findings.length > 0 && (
        <Notice
          tone={maintenance.status === 'differs' ? 'danger' : 'plain'}
          title="What VMs of this host have, and the new kernel lacks or answers otherwise"
        >
          <ul className={styles.findings}>
            {findings.map((finding) => (
              <li key={finding}>{finding}</li>
            ))}
          </ul>
          {maintenance.acknowledgedBy !== null && <p>Accepted by {actorName(maintenance.acknowledgedBy)}.</p>}
        </Notice>
      )}
      {maintenance.status === 'differs' && mayAct && (
        <p className={styles.answer}>
          <Button
            tone="danger"
            disabled={act.isPending}
            onClick={() =>
              act.mutate('acknowledge', {
                onSuccess: () => toast.done('The host takes runs again'),
                onError: (error) => toast.failed('It was not accepted', error),
              })
            }
          >
            Accept this and take runs again
          </Button>
          <span className={cells.quiet}>Or boot the former kernel, or cancel. Accepting is audited.</span>
        </p>
      )}
    </Card>
  );
}

function Step({ step, maintenance }: { step: UpgradeStep; maintenance: Maintenance }) {
  const state = stepState(step, maintenance);
  const { title, text } = STEP_WORDS[step];
  const told = state === 'now' || state === 'stuck';
  return (
    <li className={styles.step} data-state={state} aria-current={told ? 'step' : undefined}>
      <span className={styles.mark} aria-hidden>
        {state === 'done' && <Check size={14} />}
        {state === 'stuck' && <Hand size={14} />}
        {state !== 'done' && state !== 'stuck' && UPGRADE_STEPS.indexOf(step) + 1}
      </span>
      <h3>
        {title}
        {state === 'done' && <span className="visually-hidden"> (done)</span>}
      </h3>
      {told && <p>{maintenance.reason ?? text}</p>}
      {told && maintenance.reason !== null && step === 'awaitingReboot' && <p>{text}</p>}
    </li>
  );
}
