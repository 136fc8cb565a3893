/**
 * The keys of Postgres advisory locks with a fixed number, in one place so that no two are the same. Locks of a console
 * and of a console's input have keys made of what they guard.
 */
export const ADVISORY_LOCKS = {
  /** While the first admin token is made. */
  adminToken: 0x686f6c64,
  /** While migrations are applied. The engine has a lock of its own (72707369), but gives up on it after 10 s. */
  migration: 0x686f6c65,
  /** Networks are made one after the other, so that no two overlap. */
  networks: 0x686f6c66,
  /** Policies change one after the other. */
  policies: 0x686f6c67,
  /** While VMs are taken into a rollout, so that no two take one. */
  rollouts: 0x686f6c68,
  /** While the tables of the job queue are made or brought up to date. */
  jobs: 0x686f6c69,
  /** With a number made of a host's id: what is placed on it. */
  placement: 0x686f6c6a,
  /** Webhooks are made one after the other, so that there are no more than may be. */
  webhooks: 0x686f6c6b,
  /** With a replica's number: held while it lives (replica.ts). */
  replica: 0x686f6c6c,
} as const;
