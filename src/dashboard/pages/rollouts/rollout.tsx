/** One rollout as it goes: its waves, its VMs, what it has done, and the way to hold it or take it back. */
import { Pause, Play, Undo2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import { Id } from '../../components/actions/copy.tsx';
import { Since } from '../../components/display/time.tsx';
import { ConfirmDialog } from '../../components/feedback/dialog.tsx';
import { Loading, Notice, Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Card, Facts } from '../../components/layout/card.tsx';
import { Columns, PageHead, Stack } from '../../components/layout/page.tsx';
import { useCan } from '../../data/permissions.ts';
import { statusOf } from '../../data/problems.ts';
import { useReadAnew, useRollout, useRolloutAction } from '../../data/rollouts.ts';
import type { Rollout } from '../../data/types.ts';
import { actorName, count, duration } from '../../model/format.ts';
import { probeWords, targetWords } from '../../model/rollout-words.ts';
import { selectorWords } from '../../model/selector.ts';
import type { Point } from '../../model/vm-actions.ts';
import { RolloutLogCard } from './rollout-log-card.tsx';
import { RolloutVmsCard } from './rollout-vms-card.tsx';
import { RolloutWavesCard } from './rollout-waves-card.tsx';
import { StatusBadge } from './status-badge.tsx';

export default function RolloutPage() {
  const { rolloutId = '' } = useParams();
  const rollout = useRollout(rolloutId);
  const crumb = <Link to="/rollouts">Rollouts</Link>;
  if (rollout.data === undefined) {
    const gone = statusOf(rollout.error) === 404;
    return (
      <>
        <PageHead title="Rollout" crumb={crumb} />
        {rollout.isPending && <Loading what="the rollout" />}
        {gone && <Notice tone="warning" title="There is no such rollout" />}
        {rollout.isError && !gone && <Problem error={rollout.error} title="The rollout cannot be read" />}
      </>
    );
  }
  return <OneRollout rollout={rollout.data} crumb={crumb} />;
}

function OneRollout({ rollout: data, crumb }: { rollout: Rollout; crumb: ReactNode }) {
  useReadAnew(data);
  return (
    <>
      <PageHead
        title={data.name}
        crumb={crumb}
        beside={<StatusBadge rollout={data} />}
        actions={<RolloutActions rollout={data} />}
      />
      <Stack>
        {data.reason !== null && (
          <Notice
            tone="danger"
            title={data.status === 'rolledBack' ? 'Why it was rolled back' : 'Why it goes back'}
          >
            <p>{data.reason}</p>
          </Notice>
        )}
        <Columns
          aside={
            <>
              <PlanCard rollout={data} />
              <RolloutLogCard rollout={data} />
            </>
          }
        >
          <RolloutWavesCard rollout={data} />
          <RolloutVmsCard rollout={data} />
        </Columns>
      </Stack>
    </>
  );
}

function RolloutActions({ rollout }: { rollout: Rollout }) {
  const [asking, setAsking] = useState(false);
  const act = useRolloutAction(rollout.id);
  const mayAct = useCan('operator');
  const toast = useToast();
  const { status } = rollout;
  if (!mayAct) return null;
  const hold = (action: 'pause' | 'resume', done: string) =>
    act.mutate(action, {
      onSuccess: () => toast.done(done, rollout.name),
      onError: (error) => toast.failed('The rollout goes on as it did', error),
    });
  return (
    <>
      {status === 'running' && (
        <Button disabled={act.isPending} onClick={() => hold('pause', 'It begins with no more VMs')}>
          <Pause size={16} aria-hidden />
          Pause
        </Button>
      )}
      {status === 'paused' && (
        <Button tone="primary" disabled={act.isPending} onClick={() => hold('resume', 'It goes on')}>
          <Play size={16} aria-hidden />
          Resume
        </Button>
      )}
      {(status === 'running' || status === 'paused' || status === 'succeeded') && (
        <Button tone="danger" onClick={() => setAsking(true)}>
          <Undo2 size={16} aria-hidden />
          Roll back…
        </Button>
      )}
      {asking && (
        <ConfirmDialog
          open
          title={`Give every VM of ${rollout.name} back what it had?`}
          points={rollbackPoints(rollout)}
          confirm="Roll back"
          tone="danger"
          busy={act.isPending}
          onCancel={() => setAsking(false)}
          onConfirm={() =>
            act.mutate('rollback', {
              onSuccess: () => {
                toast.done('It goes back', rollout.name);
                setAsking(false);
              },
            })
          }
        >
          {act.isError && <Problem error={act.error} title="The API refused" />}
        </ConfirmDialog>
      )}
    </>
  );
}

function rollbackPoints({ restart }: Pick<Rollout, 'restart'>): Point[] {
  return [
    restart
      ? {
          text: 'VMs that were changed and run are restarted with their former request, by asking their guests to power off.',
          weight: 'loss',
        }
      : { text: 'VMs that were changed go back at their next cold boot, whenever that is.', weight: 'plain' },
    { text: 'VMs that were not reached stay as they are.', weight: 'plain' },
    { text: 'A request that somebody else has changed since stands.', weight: 'plain' },
    { text: 'A rollback cannot be taken back; a new rollout can.', weight: 'plain' },
  ];
}

function PlanCard({ rollout }: { rollout: Rollout }) {
  const { health, failures, failureThreshold } = rollout;
  return (
    <Card title="Plan">
      <Facts
        facts={[
          ['To', targetWords(rollout.to)],
          ['VMs with', selectorWords(rollout.selector, 'any labels')],
          ['VMs', rollout.vms.toLocaleString('en')],
          ['Failures', `${failures}, where ${failureThreshold} may be`],
          ['Down at once', `at most ${rollout.maxUnavailable}`],
          [
            'Running VMs',
            rollout.restart
              ? `restarted; ${duration(rollout.stopTimeoutSeconds)} to power off`
              : 'change when somebody boots them',
          ],
          [
            'Healthy',
            `runs within ${duration(health.bootTimeoutSeconds)}, then stays up ${duration(health.upSeconds)}`,
          ],
          ...(health.probe === null ? [] : [['Probe', <Probe key="probe" probe={health.probe} />] as const]),
          ['Waves', count(rollout.waves.length, 'wave')],
          ['Begun', <Since key="begun" at={rollout.createdAt} />],
          ['By', actorName(rollout.requestedBy)],
          ...(rollout.finishedAt === null
            ? []
            : [['Ended', <Since key="ended" at={rollout.finishedAt} />] as const]),
          ['Id', <Id key="id" id={rollout.id} what="the rollout’s id" />],
        ]}
      />
    </Card>
  );
}

function Probe({ probe }: { probe: NonNullable<Rollout['health']['probe']> }) {
  const [what, wanted] = probeWords(probe);
  return (
    <>
      <code>{what}</code> {wanted}
    </>
  );
}
