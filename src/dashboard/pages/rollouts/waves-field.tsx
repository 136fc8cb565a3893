/** The waves of a rollout while they are planned: how large each is, and how long it is watched before the next. */
import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../../components/actions/button.tsx';
import { SelectField, TextField } from '../../components/forms/field.tsx';
import type { WaveDraft } from '../../model/rollout-draft.ts';
import styles from './waves-field.module.css';

const MOST_WAVES = 20;

export function WavesField({
  waves,
  errors,
  onChange,
}: {
  waves: readonly WaveDraft[];
  errors: ReadonlyMap<number, string>;
  onChange: (waves: readonly WaveDraft[]) => void;
}) {
  const edit = (key: number, part: Partial<WaveDraft>) =>
    onChange(waves.map((wave) => (wave.key === key ? { ...wave, ...part } : wave)));
  const add = () =>
    onChange([
      ...waves,
      {
        key: Math.max(-1, ...waves.map(({ key }) => key)) + 1,
        unit: 'percent',
        size: '25',
        soakMinutes: '10',
      },
    ]);
  return (
    <div className={styles.waves}>
      {waves.map(({ key, unit, size, soakMinutes }, index) => {
        const last = index === waves.length - 1;
        return (
          <fieldset key={key} className={styles.wave}>
            <legend>
              Wave {index + 1}
              {last && waves.length > 1 && ': all that are left'}
            </legend>
            <TextField
              label="Size"
              inputMode="numeric"
              value={size}
              disabled={last && waves.length > 1}
              error={errors.get(key)}
              onChange={({ target }) => edit(key, { size: target.value })}
            />
            <SelectField
              label="Unit"
              value={unit}
              disabled={last && waves.length > 1}
              onChange={({ target }) => edit(key, { unit: target.value === 'count' ? 'count' : 'percent' })}
            >
              <option value="percent">percent</option>
              <option value="count">VMs</option>
            </SelectField>
            <TextField
              label="Watched for (minutes)"
              inputMode="numeric"
              value={soakMinutes}
              onChange={({ target }) => edit(key, { soakMinutes: target.value })}
            />
            <IconButton
              label={`Remove wave ${index + 1}`}
              disabled={waves.length === 1}
              onClick={() => onChange(waves.filter((wave) => wave.key !== key))}
            >
              <Trash2 size={16} aria-hidden />
            </IconButton>
          </fieldset>
        );
      })}
      <Button onClick={add} disabled={waves.length >= MOST_WAVES}>
        <Plus size={16} aria-hidden />
        Add a wave
      </Button>
    </div>
  );
}
