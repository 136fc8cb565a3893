/** The matrix PSCI version × host kernel. A cell narrows the list of VMs to what it counts. */
import { Link } from 'react-router';
import { Card } from '../../components/layout/card.tsx';
import type { Matrix } from '../../model/fleet-matrix.ts';
import { count } from '../../model/format.ts';
import styles from './fleet-matrix-card.module.css';

export interface MatrixChoice {
  version: string;
  /** Null: not on any host yet. */
  kernel: string | null;
}

export function FleetMatrixCard({
  matrix,
  chosen,
  onChoose,
}: {
  matrix: Matrix;
  chosen: MatrixChoice | null;
  onChoose: (choice: MatrixChoice | null) => void;
}) {
  const anyUnplaced = matrix.rows.some((row) => row.unplaced > 0);
  const toggle = (choice: MatrixChoice) => {
    const same = chosen?.version === choice.version && chosen.kernel === choice.kernel;
    onChoose(same ? null : choice);
  };
  const cell = (choice: MatrixChoice, vms: number, where: string) => (
    <button
      type="button"
      data-filled={vms > 0}
      aria-pressed={chosen?.version === choice.version && chosen.kernel === choice.kernel}
      aria-label={`${count(vms, 'VM')} at PSCI ${choice.version} ${where}`}
      onClick={() => toggle(choice)}
    >
      {vms.toLocaleString('en')}
    </button>
  );
  return (
    <Card title="PSCI version by host kernel" flush>
      <section className={styles.wrap} aria-label="PSCI version by host kernel">
        <table className={styles.matrix}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">PSCI version</span>
              </th>
              {matrix.kernels.map((kernel) => (
                <th key={kernel} scope="col">
                  <Link to={`/hosts?q=${encodeURIComponent(kernel)}`}>{kernel}</Link>
                  <small>{count(matrix.hostsOf.get(kernel) ?? 0, 'host')}</small>
                </th>
              ))}
              {anyUnplaced && (
                <th scope="col">
                  —<small>no host yet</small>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {matrix.rows.toReversed().map(({ version, cells, unplaced }) => (
              <tr key={version}>
                <th scope="row">PSCI {version}</th>
                {[...cells].map(([kernel, { vms, accepted }]) =>
                  accepted || vms > 0 ? (
                    <td key={kernel} className={styles.cell}>
                      {cell({ version, kernel }, vms, `on kernel ${kernel}`)}
                    </td>
                  ) : (
                    <td
                      key={kernel}
                      className={`${styles.cell} ${styles.refused}`}
                      title={`No host with kernel ${kernel} accepts PSCI ${version}`}
                    >
                      <span className="visually-hidden">not accepted</span>
                    </td>
                  ),
                )}
                {anyUnplaced && (
                  <td className={styles.cell}>
                    {cell({ version, kernel: null }, unplaced, 'on no host yet')}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={styles.note}>
        Hatched: no host with that kernel accepts the version.
        {matrix.undecided > 0 &&
          ` ${count(matrix.undecided, 'VM')} with the policy “sticky” or “latest” will get a version at the first start.`}
      </p>
    </Card>
  );
}
