/** Keys of PostgreSQL's advisory locks: one place, so that no two uses share one. */
export const advisoryLocks = {
  migrate: 727001,
  appendEvent: 727002,
  appendAudit: 727003,
  prepareInstallation: 727004,
  /** Two-key lock: this class and a hash of the worker's name. */
  workerName: 727005,
} as const;
