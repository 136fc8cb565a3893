/** Rows of labels, each a key and a value, while they are typed: a selector, or what something has. */
import { Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { type LabelDraft, labelErrors } from '../../model/selector.ts';
import { Button, IconButton } from '../actions/button.tsx';
import { TextField } from './field.tsx';
import styles from './labels-field.module.css';

export function LabelsField({
  legend,
  none,
  some = 'All of these labels, with these values.',
  labels,
  tried,
  onChange,
}: {
  legend: string;
  /** What it means to have none. */
  none: ReactNode;
  /** What it means to have those that are there. */
  some?: ReactNode;
  labels: readonly LabelDraft[];
  /** Whether somebody has tried to send the form. */
  tried: boolean;
  onChange: (labels: readonly LabelDraft[]) => void;
}) {
  const errors = labelErrors(labels);
  const id = useId();
  const edit = (key: number, part: Partial<LabelDraft>) =>
    onChange(labels.map((label) => (label.key === key ? { ...label, ...part } : label)));
  const add = () =>
    onChange([...labels, { key: Math.max(-1, ...labels.map(({ key }) => key)) + 1, name: '', value: '' }]);
  return (
    <fieldset className={styles.labels} aria-describedby={`${id}-none`}>
      <legend>{legend}</legend>
      <p id={`${id}-none`}>{labels.length === 0 ? none : some}</p>
      {labels.map(({ key, name, value }) => (
        <div key={key} className={styles.row}>
          <TextField
            label="Label"
            autoComplete="off"
            spellCheck={false}
            placeholder="team"
            value={name}
            // Nobody wants to be told off before the first letter.
            error={name === '' && !tried ? undefined : errors.get(key)}
            onChange={({ target }) => edit(key, { name: target.value })}
          />
          <TextField
            label="Value"
            autoComplete="off"
            spellCheck={false}
            placeholder="a"
            value={value}
            maxLength={63}
            onChange={({ target }) => edit(key, { value: target.value })}
          />
          <IconButton
            label={`Remove the label ${name}`}
            onClick={() => onChange(labels.filter((label) => label.key !== key))}
          >
            <Trash2 size={16} aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button onClick={add}>
        <Plus size={16} aria-hidden />
        Add a label
      </Button>
    </fieldset>
  );
}
