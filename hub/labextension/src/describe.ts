import type { IJob, IScore } from './api';
import { FINAL } from './api';
import type { Say } from './texts';

/** A length of time in words, the two largest units. */
export function duration(seconds: number, say: Say): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) {
    return say('{hours} h {minutes} min', { hours, minutes });
  }
  return minutes > 0 ? say('{minutes} min {seconds} s', { minutes, seconds: rest }) : say('{seconds} s', { seconds: rest });
}

/** How a job stands, in a line. */
export function standing(job: IJob, say: Say): string {
  if (job.status === 'pending') {
    return waiting(job, say);
  }
  if (job.status === 'running') {
    return job.cancel_requested ? say('Cancelling') : stage(job, say);
  }
  const words = { completed: 'Completed', failed: 'Failed', cancelled: 'Cancelled' };
  return say(words[job.status]);
}

function waiting(job: IJob, say: Say): string {
  const queue = job.queue;
  if (!queue) {
    return say('Waiting');
  }
  const place = queue.ahead === 0 ? say('Next in the queue') : say('{ahead} ahead in the queue', { ahead: queue.ahead });
  const seconds = queue.expected_start_seconds;
  return seconds === null ? place : `${place} · ${say('starts in about {time}', { time: duration(seconds, say) })}`;
}

function stage(job: IJob, say: Say): string {
  if (job.stage === 'scoring') {
    return say('Scoring');
  }
  if (job.stage === 'recording') {
    return say('Saving results');
  }
  const progress = job.progress;
  return progress ? say('Cell {cell} of {cells}', { cell: progress.cell, cells: progress.cells }) : say('Starting');
}

/** How far a running job is, from 0 to 1, or null where that cannot be told. */
export function fraction(job: IJob): number | null {
  if (job.status !== 'running') {
    return null;
  }
  if (job.stage === 'scoring' || job.stage === 'recording') {
    return 1;
  }
  return job.progress && job.progress.cells > 0 ? Math.min(1, job.progress.cell / job.progress.cells) : null;
}

/** How long a job has been running, or ran, in seconds, or null before its start. */
export function elapsed(job: IJob, now: number): number | null {
  if (job.run_seconds !== null) {
    return job.run_seconds;
  }
  return job.started_at === null ? null : (now - Date.parse(job.started_at)) / 1000;
}

/** The change against the user's best before: its sign, and whether it is for the better. */
export function change(score: IScore): { text: string; better: boolean } | null {
  if (score.best_before === null) {
    return null;
  }
  const difference = score.value - score.best_before;
  const better = score.direction === 'maximize' ? difference > 0 : difference < 0;
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : '±';
  return { text: `${sign}${Math.abs(difference).toFixed(3)}`, better };
}

/** Newest first; jobs of the same moment by their ids, so that they keep their places. */
export function newestFirst(jobs: readonly IJob[]): IJob[] {
  return [...jobs].sort(
    (a, b) => b.created_at.localeCompare(a.created_at) || a.job_id.localeCompare(b.job_id)
  );
}

/** How soon to ask again, in milliseconds: soon while something goes on and somebody looks. */
export function interval(jobs: readonly IJob[], visible: boolean, soon: number): number {
  const busy = jobs.some(job => !FINAL.has(job.status));
  return busy ? (visible ? soon : 3 * soon) : visible ? 15_000 : 60_000;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024).toLocaleString()} MiB`;
}
