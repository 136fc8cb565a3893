/** The VMs of a rollout with the state of each, narrowed by it. */
import { Link } from 'react-router';
import { Badge, type Colour, Version } from '../../components/display/badge.tsx';
import { Since } from '../../components/display/time.tsx';
import { Empty, Loading, Problem } from '../../components/feedback/notice.tsx';
import { FilterSelect } from '../../components/forms/field.tsx';
import { Card } from '../../components/layout/card.tsx';
import cells from '../../components/layout/cells.module.css';
import { MoreOf } from '../../components/layout/more-rows.tsx';
import { type Column, Table } from '../../components/layout/table.tsx';
import { useAddress } from '../../data/address.ts';
import { useRolloutVms } from '../../data/rollouts.ts';
import type { Rollout, RolloutVm } from '../../data/types.ts';
import { type Group, ROLLOUT_VM_STATES, STATES } from '../../model/rollout-words.ts';

const GROUP_COLOURS: Record<Group, Colour> = {
  done: 'green',
  moving: 'blue',
  back: 'red',
  apart: 'amber',
  waiting: 'grey',
};

const COLUMNS: readonly Column<RolloutVm>[] = [
  {
    header: 'VM',
    firm: true,
    cell: ({ vmId, name }) => (
      <Link to={`/vms/${vmId}`} className={cells.name}>
        {name}
      </Link>
    ),
  },
  { header: 'Wave', firm: true, cell: ({ wave }) => (wave === null ? '–' : wave + 1) },
  {
    header: 'State',
    firm: true,
    cell: ({ state, failure }) => {
      const { group, words } = STATES[state];
      return (
        <Badge colour={failure === null ? GROUP_COLOURS[group] : 'red'} moving={group === 'moving'}>
          {words}
        </Badge>
      );
    },
  },
  {
    header: 'Had',
    firm: true,
    cell: ({ former }) =>
      former === null ? (
        <span className={cells.quiet}>–</span>
      ) : former.version === null ? (
        former.policy
      ) : (
        <Version version={former.version} />
      ),
  },
  {
    header: 'Detail',
    cell: ({ why, failure }) => <span className={cells.quiet}>{failure ?? why ?? '–'}</span>,
  },
  {
    header: 'Since',
    firm: true,
    minor: true,
    cell: ({ since }) => (
      <span className={cells.quiet}>
        <Since at={since} />
      </span>
    ),
  },
];

export function RolloutVmsCard({ rollout }: { rollout: Rollout }) {
  const [search, change] = useAddress();
  const state = ROLLOUT_VM_STATES.find((known) => known === search.get('state')) ?? null;
  const list = useRolloutVms(rollout, state);
  const present = ROLLOUT_VM_STATES.filter((known) => (rollout.states[known] ?? 0) > 0 || known === state);
  return (
    <Card
      title="VMs"
      count={rollout.vms.toLocaleString('en')}
      flush
      actions={
        <FilterSelect
          label="State"
          value={state ?? ''}
          onChange={({ target }) => change({ state: target.value })}
        >
          <option value="">Every state</option>
          {present.map((known) => (
            <option key={known} value={known}>
              {STATES[known].words} ({rollout.states[known] ?? 0})
            </option>
          ))}
        </FilterSelect>
      }
    >
      {list.error !== null && <Problem error={list.error} title="The VMs cannot be read" />}
      {list.items === undefined && list.error === null && <Loading what="the VMs" />}
      {list.items?.length === 0 && <Empty title="No VM is in this state" />}
      {list.items !== undefined && list.items.length > 0 && (
        <Table label="VMs of the rollout" columns={COLUMNS} rows={list.items} rowKey={({ vmId }) => vmId} />
      )}
      <MoreOf list={list} />
    </Card>
  );
}
