/** The serial console of a VM, live, with input while it runs; and the logs of its earlier boots. */
import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../../components/actions/button.tsx';
import { Badge, type Colour } from '../../components/display/badge.tsx';
import { Empty } from '../../components/feedback/notice.tsx';
import { useToast } from '../../components/feedback/toast.tsx';
import { FilterSelect } from '../../components/forms/field.tsx';
import { Card } from '../../components/layout/card.tsx';
import { answer } from '../../data/api.ts';
import { useApi } from '../../data/api-context.tsx';
import { ConsoleConnection, type ConsoleState } from '../../data/console-connection.ts';
import { useEvents } from '../../data/events.ts';
import { useCan } from '../../data/permissions.ts';
import { useSession } from '../../data/session.tsx';
import { LEAVE_KEYS, openTerminal, type Terminal } from '../../data/terminal.ts';
import type { Phase, Vm } from '../../data/types.ts';
import { shortId } from '../../model/format.ts';
import styles from './vm-console-card.module.css';

const WITHOUT_RUN: readonly Phase[] = ['pending', 'stopped', 'hibernated', 'failed'];
/** Milliseconds until a console that ended is asked for again while the VM is on. */
const AGAIN_MS = 1_000;
const BOOTS = 20;

const STATE_WORDS: Record<ConsoleState, { colour: Colour; words: string }> = {
  connecting: { colour: 'blue', words: 'connecting' },
  open: { colour: 'green', words: 'live' },
  down: { colour: 'doubt', words: 'connection lost, trying again' },
  ended: { colour: 'grey', words: 'ended' },
  refused: { colour: 'red', words: 'refused' },
};

export default function VmConsoleCard({ vm }: { vm: Vm }) {
  if (vm.bootId === null && WITHOUT_RUN.includes(vm.phase)) {
    return (
      <Card title="Console" flush>
        <Empty title="It has not booted yet">
          <p>Once it is started, its serial console is here: what it says, and what you type into it.</p>
        </Empty>
      </Card>
    );
  }
  return <Console vm={vm} />;
}

function Console({ vm }: { vm: Vm }) {
  const { token } = useSession();
  const [bootId, setBootId] = useState<string | null>(null);
  const [state, setState] = useState<ConsoleState>('connecting');
  const [why, setWhy] = useState('');
  const [session, setSession] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const leaveTo = useRef<HTMLParagraphElement>(null);
  const terminal = useRef<Terminal>(null);
  const connection = useRef<ConsoleConnection>(null);
  const on = !WITHOUT_RUN.includes(vm.phase);
  const mayType = useCan('operator');
  const typing = mayType && on && bootId === null && state === 'open';

  useEffect(() => {
    if (frame.current === null) return;
    const opened = openTerminal(frame.current, {
      typed: (text) => connection.current?.type(text),
      leave: () => leaveTo.current?.focus(),
    });
    terminal.current = opened;
    return () => opened.close();
  }, []);

  // A new `session` asks for a new connection.
  useEffect(() => {
    const opened = new ConsoleConnection(vm.id, bootId, token ?? '', {
      state: (next, reason) => {
        setState(next);
        setWhy(reason);
      },
      opened: () => terminal.current?.clear(),
      output: (bytes) => terminal.current?.write(bytes),
    });
    connection.current = opened;
    opened.open();
    return () => opened.close();
  }, [vm.id, bootId, token, session]);

  useEffect(() => {
    if (!on || bootId !== null || state !== 'ended') return;
    const timer = setTimeout(() => setSession((count) => count + 1), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [on, bootId, state]);

  useEffect(() => terminal.current?.accept(typing), [typing]);

  return (
    <Card
      title="Console"
      flush
      actions={
        <>
          <Badge colour={STATE_WORDS[state].colour} title={why}>
            {state === 'refused' && why !== '' ? why : STATE_WORDS[state].words}
          </Badge>
          <BootSelect vmId={vm.id} value={bootId} onChange={setBootId} />
          <DownloadLog vm={vm} bootId={bootId} />
        </>
      }
    >
      <div className={styles.frame} ref={frame} />
      <p className={styles.note} ref={leaveTo} tabIndex={-1}>
        {typing
          ? `What you type goes to the guest; ${LEAVE_KEYS} leaves the console.`
          : mayType
            ? 'Read-only: the guest takes no input now.'
            : 'Read-only: typing needs the role operator.'}
      </p>
    </Card>
  );
}

function BootSelect({
  vmId,
  value,
  onChange,
}: {
  vmId: string;
  value: string | null;
  onChange: (bootId: string | null) => void;
}) {
  const { events } = useEvents({ vmId, kind: 'started', limit: BOOTS });
  const [, ...earlier] = events;
  if (earlier.length === 0) return null;
  return (
    <FilterSelect
      label="Boot"
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
    >
      <option value="">Latest boot</option>
      {earlier.map((event) => (
        <option key={event.id} value={event.bootId}>
          {new Date(event.observedAt).toLocaleString('en-GB')} ({shortId(event.bootId)})
        </option>
      ))}
    </FilterSelect>
  );
}

function DownloadLog({ vm, bootId }: { vm: Vm; bootId: string | null }) {
  const api = useApi();
  const toast = useToast();
  async function download() {
    const query = bootId === null ? {} : { bootId };
    const params = { path: { vmId: vm.id }, query };
    const log = await answer(api.GET('/v1/vms/{vmId}/console', { params, parseAs: 'blob' }));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(log);
    link.download = `${vm.name}-${bootId ?? vm.bootId ?? 'console'}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
  return (
    <IconButton
      label="Download this log"
      onClick={() => void download().catch((error) => toast.failed('The log could not be read', error))}
    >
      <Download size={16} aria-hidden />
    </IconButton>
  );
}
