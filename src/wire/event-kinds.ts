/** What can happen to a VM. Apart from the schemas, for those who do without them (shape.ts). */
export const EVENT_KINDS = [
  'started',
  'poweroff',
  'hibernate',
  'reset',
  'suspend',
  'crash',
  'killed',
  'paused',
  'resumed',
  'saved',
  'restored',
  'migrated',
  'lost',
] as const;
