/** A VM by its name, where only its id is at hand; by its id when it is gone. */
import { Link } from 'react-router';
import { useVmName } from '../../data/vm-names.ts';
import { shortId } from '../../model/format.ts';
import cells from '../layout/cells.module.css';

export function VmLink({ vmId }: { vmId: string }) {
  const name = useVmName(vmId);
  return (
    <Link to={`/vms/${vmId}`} className={cells.name} title={name === null ? 'This VM is deleted' : undefined}>
      {name ?? shortId(vmId)}
    </Link>
  );
}
