import type { IJob, IScore } from './api';
import type { Say } from './texts';

/** How jobs end, in words. */
export const ENDED = { completed: 'Completed', failed: 'Failed', cancelled: 'Cancelled' } as const;

/** A length of time in words, the two largest units. */
export function duration(seconds: number, say: Say): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) {
    return say('{hours} h {minutes} min', { hours, minutes });
  }
  return minutes > 0
    ? say('{minutes} min {seconds} s', { minutes, seconds: rest })
    : say('{seconds} s', { seconds: rest });
}

/** How a job stands, in a line. */
export function standing(job: IJob, say: Say): string {
  switch (job.status) {
    case 'pending':
      return job.cancel_requested ? say('Cancelling') : waiting(job, say);
    case 'running':
      return job.cancel_requested ? say('Cancelling') : stage(job, say);
    default:
      return say(ENDED[job.status]);
  }
}

function waiting(job: IJob, say: Say): string {
  const queue = job.queue;
  if (!queue) {
    return say('Waiting');
  }
  const place =
    queue.ahead === 0 ? say('Next in the queue') : say('{ahead} ahead in the queue', { ahead: queue.ahead });
  const seconds = queue.expected_start_seconds;
  if (seconds === null) {
    return place;
  }
  return seconds < 1
    ? `${place} · ${say('starts now')}`
    : `${place} · ${say('starts in about {time}', { time: duration(seconds, say) })}`;
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

/** How far a running job is, from 0 to 1, or null where that cannot be told. A cell counts once it is done. */
export function fraction(job: IJob): number | null {
  if (job.status !== 'running') {
    return null;
  }
  if (job.stage === 'scoring' || job.stage === 'recording') {
    return 1;
  }
  const progress = job.progress;
  return progress && progress.cells > 0 ? Math.min(1, Math.max(0, (progress.cell - 1) / progress.cells)) : null;
}

/** How long a job has been running, or ran, in seconds, or null before its start. `now` is in milliseconds. */
export function elapsed(job: IJob, now: number): number | null {
  if (job.run_seconds !== null) {
    return job.run_seconds;
  }
  if (job.started_at === null) {
    return null;
  }
  const end = job.finished_at === null ? now : Date.parse(job.finished_at);
  return Math.max(0, (end - Date.parse(job.started_at)) / 1000);
}

/** The change against the user's best before: its sign, and whether it is for the better. */
export function change(score: IScore): { text: string; better: boolean } | null {
  if (score.best_before === null) {
    return null;
  }
  const difference = score.value - score.best_before;
  const better = score.direction === 'maximize' ? difference > 0 : difference < 0;
  const shown = Math.abs(difference).toFixed(3);
  const sign = Number(shown) === 0 ? '±' : difference > 0 ? '+' : '−';
  return { text: `${sign}${shown}`, better };
}

/** When something was: the time of today, else the day as well. */
export function moment(when: string, now: number): string {
  const date = new Date(when);
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return date.toDateString() === new Date(now).toDateString()
    ? date.toLocaleTimeString([], time)
    : date.toLocaleString([], { month: 'short', day: 'numeric', ...time });
}

/** What a job is called. */
export function nameOf(job: IJob): string {
  return job.entrypoint ?? job.job_id.slice(0, 8);
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024).toLocaleString()} MiB`;
}
