/** What can be asked of a VM now, and the question before what cannot be taken back. */
import { Menu } from '@base-ui/react/menu';
import {
  ChevronDown,
  CirclePause,
  CirclePlay,
  type LucideIcon,
  Moon,
  Power,
  RotateCcw,
  Skull,
  Trash2,
  Truck,
} from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Button } from '../../components/actions/button.tsx';
import menu from '../../components/actions/menu.module.css';
import { ConfirmDialog } from '../../components/feedback/dialog.tsx';
import { Problem } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { Choice, TextField } from '../../components/forms/field.tsx';
import { useCan } from '../../data/permissions.ts';
import { type ActionBody, useHosts, useVmAction } from '../../data/queries.ts';
import type { Vm } from '../../data/types.ts';
import { consequencesOf, isPossible, type VmAction } from '../../model/vm-actions.ts';
import { HostSelect } from '../hosts/host-select.tsx';

const ACTIONS: Record<VmAction, { label: string; icon: LucideIcon; done: string }> = {
  start: { label: 'Start', icon: CirclePlay, done: 'Start asked for' },
  resume: { label: 'Resume', icon: CirclePlay, done: 'Resume asked for' },
  stop: { label: 'Stop', icon: Power, done: 'The guest is asked to power off' },
  hibernate: { label: 'Hibernate', icon: Moon, done: 'The guest is asked to hibernate' },
  pause: { label: 'Pause', icon: CirclePause, done: 'Pause asked for' },
  reset: { label: 'Reset', icon: RotateCcw, done: 'Reset asked for' },
  migrate: { label: 'Migrate', icon: Truck, done: 'Migration asked for' },
  kill: { label: 'Kill', icon: Skull, done: 'Kill asked for' },
  delete: { label: 'Delete', icon: Trash2, done: 'Delete asked for' },
};
const IN_BAR: readonly VmAction[] = ['start', 'resume', 'stop', 'hibernate'];
const IN_MENU: readonly VmAction[] = ['pause', 'reset', 'migrate', 'kill', 'delete'];

const DEFAULT_TIMEOUT = '60';

export function VmActions({ vm }: { vm: Vm }) {
  const [asking, setAsking] = useState<VmAction | null>(null);
  const act = useVmAction(vm.id);
  const toast = useToast();
  const navigate = useNavigate();
  const mayAct = useCan('operator');

  function run(action: VmAction, body: ActionBody) {
    act.mutate(
      { action, body },
      {
        onSuccess: () => {
          setAsking(null);
          toast.done(ACTIONS[action].done, vm.name);
          if (action === 'delete') void navigate('/vms');
        },
        onError: (error) => {
          // A question that is open shows the refusal itself.
          if (consequencesOf(action, vm) === null)
            toast.failed(`${ACTIONS[action].label} was refused`, error);
        },
      },
    );
  }

  function choose(action: VmAction) {
    act.reset();
    if (consequencesOf(action, vm) === null) run(action, {});
    else setAsking(action);
  }

  if (!mayAct) return null;
  return (
    <>
      {IN_BAR.filter((action) => isPossible(action, vm)).map((action) => {
        const { label, icon: Icon } = ACTIONS[action];
        return (
          <Button
            key={action}
            tone={action === 'start' || action === 'resume' ? 'primary' : 'plain'}
            disabled={act.isPending}
            onClick={() => choose(action)}
          >
            <Icon size={16} aria-hidden />
            {label}
          </Button>
        );
      })}
      <Menu.Root>
        <Menu.Trigger
          render={
            <Button>
              More
              <ChevronDown size={16} aria-hidden />
            </Button>
          }
        />
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className={menu.positioner}>
            <Menu.Popup className={menu.popup}>
              {IN_MENU.map((action) => {
                const { label, icon: Icon } = ACTIONS[action];
                return (
                  <Menu.Item
                    key={action}
                    className={menu.item}
                    disabled={!isPossible(action, vm)}
                    data-danger={action === 'kill' || action === 'delete'}
                    onClick={() => choose(action)}
                  >
                    <Icon size={16} aria-hidden />
                    {label}
                  </Menu.Item>
                );
              })}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asking !== null && (
        <Question
          key={asking}
          action={asking}
          vm={vm}
          busy={act.isPending}
          error={act.error}
          onConfirm={(body) => run(asking, body)}
          onCancel={() => setAsking(null)}
        />
      )}
    </>
  );
}

interface StopOptions {
  timeoutSeconds: string;
  force: boolean;
}

const toBody = ({ timeoutSeconds, force }: StopOptions) => ({
  timeoutSeconds: Number(timeoutSeconds),
  force,
});

function Question({
  action,
  vm,
  busy,
  error,
  onConfirm,
  onCancel,
}: {
  action: VmAction;
  vm: Vm;
  busy: boolean;
  error: unknown;
  onConfirm: (body: ActionBody) => void;
  onCancel: () => void;
}) {
  const [options, setOptions] = useState<StopOptions>({ timeoutSeconds: DEFAULT_TIMEOUT, force: false });
  const [typed, setTyped] = useState('');
  const [hostId, setHostId] = useState('');
  const hosts = useHosts();
  const consequences = consequencesOf(action, vm);
  if (consequences === null) return null;
  const seconds = Number(options.timeoutSeconds);
  const wrongTimeout = action === 'stop' && !(Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600);
  const bodyOf = (): ActionBody =>
    action === 'stop' ? toBody(options) : action === 'migrate' && hostId !== '' ? { hostId } : {};
  return (
    <ConfirmDialog
      open
      {...consequences}
      busy={busy}
      disabled={wrongTimeout || (action === 'delete' && typed !== vm.name)}
      onConfirm={() => onConfirm(bodyOf())}
      onCancel={onCancel}
    >
      {action === 'stop' && (
        <>
          <TextField
            label="Seconds it has to power off"
            inputMode="numeric"
            value={options.timeoutSeconds}
            error={wrongTimeout ? 'Use a whole number from 1 to 3600.' : null}
            onChange={(event) => setOptions({ ...options, timeoutSeconds: event.target.value })}
          />
          <Choice
            type="checkbox"
            label="After that, kill it"
            hint={
              options.force
                ? 'Everything in its memory and every write it has not yet flushed is then lost.'
                : 'Otherwise the request fails, and the guest runs on.'
            }
            checked={options.force}
            onChange={(event) => setOptions({ ...options, force: event.target.checked })}
          />
        </>
      )}
      {action === 'migrate' && (
        <HostSelect
          label="To host"
          none="Let placement choose"
          hosts={(hosts.data ?? []).filter(({ id }) => id !== vm.hostId)}
          value={hostId}
          onChange={setHostId}
        />
      )}
      {action === 'delete' && (
        <TextField
          label={`Type ${vm.name} to confirm`}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {error !== null && <Problem error={error} title="The API refused" />}
    </ConfirmDialog>
  );
}
