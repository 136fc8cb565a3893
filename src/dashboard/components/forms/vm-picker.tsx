/** Choosing one VM of any number: a search field whose suggestions come from the server. */
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { useVmSuggestions } from '../../data/vm-list.ts';
import { useVmName } from '../../data/vm-names.ts';
import { shortId } from '../../model/format.ts';
import { Button } from '../actions/button.tsx';
import { FilterInput } from './field.tsx';

export function VmPicker({
  vmId,
  onChange,
}: {
  vmId: string | undefined;
  onChange: (vmId: string | undefined) => void;
}) {
  return vmId === undefined ? (
    <Search onChange={onChange} />
  ) : (
    <Chosen vmId={vmId} onClear={() => onChange(undefined)} />
  );
}

function Chosen({ vmId, onClear }: { vmId: string; onClear: () => void }) {
  const name = useVmName(vmId);
  return (
    <Button onClick={onClear} title="Show every VM again">
      VM {name ?? shortId(vmId)}
      <X size={14} aria-hidden />
      <span className="visually-hidden">: show every VM again</span>
    </Button>
  );
}

function Search({ onChange }: { onChange: (vmId: string) => void }) {
  const list = useId();
  const [text, setText] = useState('');
  const { vms: suggested, settled } = useVmSuggestions(text);
  const choose = (name: string) => {
    const found = suggested.find((vm) => vm.name === name) ?? (settled ? suggested[0] : undefined);
    if (found !== undefined) onChange(found.id);
  };
  return (
    <>
      <FilterInput
        label="VM"
        type="search"
        placeholder="Every VM"
        maxLength={100}
        list={list}
        value={text}
        onChange={({ target, nativeEvent }) => {
          setText(target.value);
          if (!isTyped(nativeEvent)) choose(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') choose(text.trim());
        }}
      />
      <datalist id={list}>
        {suggested.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** False for a suggestion that was taken: browsers tell of it as of a replacement, or without saying what it is. */
function isTyped(event: Event): boolean {
  return event instanceof InputEvent && event.inputType !== 'insertReplacementText';
}
