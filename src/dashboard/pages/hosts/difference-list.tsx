/** Differences between answers, each as a sentence, gathered by version; those that guests cannot work around stand out. */
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Version } from '../../components/display/badge.tsx';
import { MoreRows } from '../../components/layout/more-rows.tsx';
import styles from './difference-list.module.css';

export interface Told {
  version: string;
  description: string;
  /** What was answered is refused, or does not come back. */
  worse: boolean;
}

const FIRST = 8;

export function DifferenceList({ label, differences }: { label: string; differences: readonly Told[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? differences : differences.slice(0, FIRST);
  return (
    <>
      <ul className={styles.list} aria-label={label}>
        {shown.map(({ version, description, worse }) => (
          <li key={description} data-worse={worse}>
            <Version version={version} />
            <span>
              {worse && (
                <>
                  <TriangleAlert size={14} aria-hidden /> <strong>Refused now: </strong>
                </>
              )}
              {description}
            </span>
          </li>
        ))}
      </ul>
      <MoreRows
        show={differences.length > shown.length}
        left={differences.length - shown.length}
        onMore={() => setAll(true)}
      />
    </>
  );
}
