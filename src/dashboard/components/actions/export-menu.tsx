/** What a page lists, as a file. */
import { Menu } from '@base-ui/react/menu';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { save } from '../../data/export.ts';
import { type CsvColumn, toCsv } from '../../model/csv.ts';
import { useToast } from '../feedback/toast.tsx';
import { Button } from './button.tsx';
import menu from './menu.module.css';

export function ExportMenu<Row>({
  name,
  columns,
  read,
}: {
  /** Of the file, without its ending. */
  name: string;
  columns: readonly CsvColumn<Row>[];
  read: (progress: (count: number) => void) => Promise<{ items: readonly Row[]; cut: boolean }>;
}) {
  const toast = useToast();
  const [count, setCount] = useState<number | null>(null);
  async function hand(format: 'csv' | 'json') {
    setCount(0);
    try {
      const { items, cut } = await read(setCount);
      const day = new Date().toISOString().slice(0, 10);
      if (format === 'csv') save(`${name}-${day}.csv`, 'text/csv', toCsv(columns, items));
      else save(`${name}-${day}.json`, 'application/json', `${JSON.stringify(items, null, 2)}\n`);
      const lines = `${items.length.toLocaleString('en')} lines`;
      toast.done(
        cut ? 'Only the newest are in the file' : 'Exported',
        cut ? `${lines}: narrow the filters for the rest, or page through the API.` : lines,
      );
    } catch (error) {
      toast.failed('It was not exported', error);
    } finally {
      setCount(null);
    }
  }
  return (
    <Menu.Root>
      <Menu.Trigger
        render={
          <Button disabled={count !== null}>
            <Download size={16} aria-hidden />
            {count === null ? 'Export' : `Reading… ${count.toLocaleString('en')}`}
          </Button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Menu.Item className={menu.item} onClick={() => void hand('csv')}>
              As CSV
            </Menu.Item>
            <Menu.Item className={menu.item} onClick={() => void hand('json')}>
              As JSON
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
