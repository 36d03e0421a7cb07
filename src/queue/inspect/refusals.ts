import type { QueueKind } from '../../base/model.ts';

/** What not every kind of queue can do. */
export type Ability = 'pause' | 'edit' | 'cancel' | 'history' | 'schedules';

export type Refusals = Readonly<Partial<Record<Ability, string>>>;

const ofRq: Refusals = {
  pause:
    'RQ cannot pause one queue: `rq suspend` and `rq resume` stop and start the workers of all queues of this Redis',
  edit: 'a job of RQ cannot be edited: publish its message again, or send it to fp-enqueue',
  history: 'RQ keeps no history',
  schedules: 'RQ keeps no schedules',
};

const ofStores: Refusals = { cancel: 'only RQ keeps canceled jobs: remove the job instead' };

/** Returns what a kind of queue cannot do, with the reasons. */
export function refusalsOf(kind: QueueKind): Refusals {
  return kind === 'rq' ? ofRq : ofStores;
}
