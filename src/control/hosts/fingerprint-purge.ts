/** Forgetting fingerprints that nobody refers to. */
import type { Control } from '../control.ts';

/** Days after which what was measured in a boot may go. */
const KEPT_DAYS = 90;

/**
 * Forgets what was measured long ago in boots that no host is in or was in just before, and that no VM or snapshot has
 * its guest's last start in; then the fingerprints that were measured in no other. What a maintenance under way compares
 * with stays. Returns how many fingerprints went.
 */
export async function purgeFingerprints(control: Control): Promise<number> {
  await control.pool.query(
    `DELETE FROM host_fingerprints f
     WHERE f.taken_at < now() - make_interval(days => $1)
       AND NOT EXISTS (SELECT FROM hosts h WHERE h.id = f.host_id AND h.boot_id = f.boot_id)
       AND EXISTS (
         SELECT FROM host_fingerprints later JOIN hosts h ON h.id = later.host_id
         WHERE later.host_id = f.host_id AND later.boot_id <> h.boot_id AND later.taken_at > f.taken_at)
       AND NOT EXISTS (SELECT FROM vms v WHERE v.host_boot_id = f.boot_id)
       AND NOT EXISTS (SELECT FROM snapshots s WHERE s.host_boot_id = f.boot_id)`,
    [KEPT_DAYS],
  );
  const { rowCount } = await control.pool.query(
    `DELETE FROM fingerprints f
     WHERE f.created_at < now() - make_interval(days => $1)
       AND NOT EXISTS (SELECT FROM host_fingerprints p WHERE p.digest = f.digest)
       AND NOT EXISTS (SELECT FROM maintenances m WHERE m.finished_at IS NULL
         AND f.digest IN (m.target->>'fingerprint', m.before->>'fingerprint', m.after->>'fingerprint'))`,
    [KEPT_DAYS],
  );
  return rowCount ?? 0;
}
