/** All VMs, however many. */
import { Plus } from 'lucide-react';
import { LinkButton } from '../../components/actions/button.tsx';
import { PageHead } from '../../components/layout/page.tsx';
import { useCan } from '../../data/permissions.ts';
import { VmListCard } from './vm-list.tsx';

export function VmsPage() {
  const mayCreate = useCan('operator');
  return (
    <>
      <PageHead
        title="VMs"
        actions={
          mayCreate && (
            <LinkButton to="/vms/new" tone="primary">
              <Plus size={16} aria-hidden />
              Create a VM
            </LinkButton>
          )
        }
      />
      <VmListCard />
    </>
  );
}
