import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';

import type { IEnvironment, IJob } from './api';
import { FINAL } from './api';
import type { Client } from './client';
import { interval, newestFirst } from './describe';

/** The user's jobs, kept fresh for whoever shows them. */
export class Jobs {
  constructor(private readonly client: Client, soon: number) {
    this.soon = soon;
    this.poll = new Poll<void>({
      name: 'jupyterlab-leadersboard:jobs',
      auto: false,
      factory: () => this.refresh(),
      // What asks less often the longer it fails is the poll itself.
      frequency: { interval: soon, backoff: 1.6, max: 30_000 },
      standby: 'never'
    });
    document.addEventListener('visibilitychange', this.ask);
  }

  /** Something has changed: the jobs, or whether LeadersBoard answers. */
  readonly changed = new Signal<this, void>(this);
  /** A job that was seen going on has ended. */
  readonly ended = new Signal<this, IJob>(this);

  /** Milliseconds between two looks while something goes on. */
  soon: number;

  get items(): readonly IJob[] {
    return this.jobs;
  }

  get total(): number {
    return this.count;
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

  find(jobId: string): IJob | undefined {
    return this.jobs.find(job => job.job_id === jobId);
  }

  start(): void {
    void this.poll.start();
  }

  /** Look now, whatever was planned. */
  readonly ask = (): void => {
    if (!document.hidden) {
      void this.poll.refresh();
    }
  };

  private async refresh(): Promise<void> {
    try {
      this.who = this.who ?? (await this.client.environment());
      const list = await this.client.jobs(this.who.user_id);
      this.take(newestFirst(list.items), list.total);
    } catch (error) {
      this.failure = error as Error;
      this.changed.emit();
      throw error;
    }
  }

  private take(jobs: IJob[], total: number): void {
    const before = new Map(this.jobs.map(job => [job.job_id, job.status]));
    this.jobs = jobs;
    this.count = total;
    this.failure = null;
    this.loaded = true;
    const next = interval(jobs, !document.hidden, this.soon);
    if (this.poll.frequency.interval !== next) {
      this.poll.frequency = { ...this.poll.frequency, interval: next, max: Math.max(30_000, next) };
    }
    this.changed.emit();
    for (const job of jobs) {
      const was = before.get(job.job_id);
      if (was !== undefined && !FINAL.has(was) && FINAL.has(job.status)) {
        this.ended.emit(job);
      }
    }
  }

  private readonly poll: Poll<void>;
  private jobs: IJob[] = [];
  private count = 0;
  private failure: Error | null = null;
  private loaded = false;
  private who: IEnvironment | null = null;
}
