import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';

import type { IEnvironment, IJob } from './api';
import { FINAL } from './api';
import type { Client } from './client';
import { nameOf } from './describe';

const CALM_MS = 15_000;
// A job that is about to show its first cell is watched this closely, by whoever wants to be told often.
const STARTING_MS = 500;
// Those who set more than this want fewer questions.
const OFTEN_MS = 5_000;
const PAGE = 50;
// What the API gives at most.
const MOST = 500;

/** Newest first; jobs of the same moment by their ids, so that they keep their places. */
export function newestFirst(jobs: readonly IJob[]): IJob[] {
  return [...jobs].sort(
    (a, b) => Date.parse(b.created_at) - Date.parse(a.created_at) || a.job_id.localeCompare(b.job_id)
  );
}

/** How soon to ask again, in milliseconds: soon while something goes on and somebody looks, sooner while it starts. */
export function interval(jobs: readonly IJob[], visible: boolean, soon: number): number {
  if (!visible || jobs.every(job => FINAL.has(job.status))) {
    return Math.max(soon, CALM_MS);
  }
  return soon <= OFTEN_MS && jobs.some(isStarting) ? Math.min(soon, STARTING_MS) : soon;
}

/** Whether the job's turn has come, and no cell of it is to be seen yet; scripts have none. */
function isStarting(job: IJob): boolean {
  if (FINAL.has(job.status)) {
    return false;
  }
  if (job.status === 'pending') {
    const seconds = job.queue?.expected_start_seconds ?? null;
    return seconds !== null && seconds < 1;
  }
  return job.stage === null && job.progress === null && nameOf(job).endsWith('.ipynb');
}

/**
 * Return the jobs that have ended between two looks, `before` and `after`, both newest first.
 *
 * One that began and ended between them counts as well; one that came into sight because more are shown does not.
 */
export function endedSince(before: readonly IJob[], after: readonly IJob[]): IJob[] {
  const known = new Map(before.map(job => [job.job_id, job.status]));
  const newest = before.length > 0 ? Date.parse(before[0].created_at) : 0;
  return after.filter(job => {
    const was = known.get(job.job_id);
    const isNew = was === undefined && Date.parse(job.created_at) > newest;
    return FINAL.has(job.status) && (isNew || (was !== undefined && !FINAL.has(was)));
  });
}

/** The user's jobs, kept fresh for whoever shows them. */
export class Jobs {
  /** `soon` is the time between two looks while something goes on, in milliseconds. */
  constructor(
    private readonly client: Pick<Client, 'environment' | 'jobs'>,
    public soon: number
  ) {
    this.poll = new Poll<void>({
      name: 'jupyterlab-leadersboard:jobs',
      auto: false,
      factory: () => this.refresh(),
      // The longer it fails, the less often it is tried.
      frequency: { interval: soon, backoff: 1.6, max: 2 * CALM_MS },
      standby: 'never'
    });
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        this.ask();
      }
    });
  }

  /** Something has changed: the jobs, or whether LeadersBoard answers. */
  readonly changed = new Signal<this, void>(this);
  /** A job has ended since the last look. */
  readonly ended = new Signal<this, IJob>(this);

  /** Newest first. */
  get items(): readonly IJob[] {
    return this.jobs;
  }

  /** How many there are, shown or not. */
  get total(): number {
    return this.count;
  }

  get hasMore(): boolean {
    return this.count > this.jobs.length && this.limit < MOST;
  }

  /** Why there is nothing new, or null while all is well. */
  get problem(): Error | null {
    return this.failure;
  }

  get isLoaded(): boolean {
    return this.loaded;
  }

  get environment(): IEnvironment | null {
    return this.who;
  }

  start(): void {
    void this.poll.start();
  }

  /** Look now, whatever was planned. */
  readonly ask = (): void => {
    void this.poll.refresh();
  };

  /** Show older ones as well. */
  more(): void {
    this.limit = Math.min(MOST, this.limit + PAGE);
    this.ask();
  }

  private async refresh(): Promise<void> {
    try {
      this.who = this.who ?? (await this.client.environment());
      const list = await this.client.jobs(this.who.user_id, this.limit);
      this.take(newestFirst(list.items), list.total);
    } catch (error) {
      this.failure = error as Error;
      this.changed.emit();
      throw error;
    }
  }

  private take(jobs: IJob[], total: number): void {
    const ended = this.loaded ? endedSince(this.jobs, jobs) : [];
    this.jobs = jobs;
    this.count = total;
    this.failure = null;
    this.loaded = true;
    const next = interval(jobs, !document.hidden, this.soon);
    if (this.poll.frequency.interval !== next) {
      this.poll.frequency = { ...this.poll.frequency, interval: next };
    }
    this.changed.emit();
    ended.forEach(job => this.ended.emit(job));
  }

  private readonly poll: Poll<void>;
  private jobs: IJob[] = [];
  private count = 0;
  private limit = PAGE;
  private failure: Error | null = null;
  private loaded = false;
  private who: IEnvironment | null = null;
}
