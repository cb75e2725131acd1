import type { IEnvironment, IJob, IJobList } from '../src/api';
import { endedSince, interval, Jobs, newestFirst } from '../src/jobs';
import { job } from './builders';

const ENVIRONMENT: IEnvironment = { user_id: 'ann', organiser: false, board_url: '', mlflow_url: '' };

/** The platform as one user sees it, which may be away. */
class Platform {
  jobs_: IJob[] = [];
  away = false;
  limits: number[] = [];

  environment(): Promise<IEnvironment> {
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve(ENVIRONMENT);
  }

  jobs(_: string, limit: number): Promise<IJobList> {
    this.limits.push(limit);
    return this.away
      ? Promise.reject(new Error('away'))
      : Promise.resolve({ items: this.jobs_.slice(0, limit), total: this.jobs_.length });
  }
}

function look(jobs: Jobs): Promise<void> {
  return new Promise(resolve => {
    const seen = (): void => {
      jobs.changed.disconnect(seen);
      resolve();
    };
    jobs.changed.connect(seen);
    jobs.ask();
  });
}

test('the newest comes first, and those of one moment keep their places', () => {
  const at = (job_id: string, created_at: string): IJob => job({ job_id, created_at });
  const sorted = newestFirst([
    at('b', '2026-01-01T10:00:00Z'),
    at('c', '2026-01-01T10:00:00.500Z'),
    at('a', '2026-01-01T10:00:00Z'),
    at('d', '2026-01-01T19:00:00+09:00')
  ]);
  expect(sorted.map(one => one.job_id)).toEqual(['c', 'a', 'b', 'd']);
});

function waiting(seconds: number): IJob {
  return job({ status: 'pending', stage: null, queue: { ahead: 0, expected_start_seconds: seconds } });
}

test.each([
  ['something runs and somebody looks', [job()], true, 2000],
  ['something waits and somebody looks', [job({ status: 'pending' })], true, 2000],
  ['its turn comes at once', [waiting(0.3)], true, 500],
  ['its turn is still to come', [waiting(40)], true, 2000],
  ['it starts', [job({ stage: null })], true, 500],
  ['it starts and nobody looks', [job({ stage: null })], false, 15_000],
  ['its first cell runs', [job({ stage: 'executing', progress: { cell: 1, cells: 9 } })], true, 2000],
  ['it has no cells', [job({ stage: null, entrypoint: 'main.py' })], true, 2000],
  ['nobody looks', [job()], false, 15_000],
  ['all is over', [job({ status: 'completed' })], true, 15_000],
  ['there is nothing', [], true, 15_000]
])('it asks again in time when %s', (_, jobs, visible, milliseconds) => {
  expect(interval(jobs, visible, 2000)).toBe(milliseconds);
});

test('a user who wants to be asked less often is', () => {
  expect(interval([], true, 60_000)).toBe(60_000);
  expect(interval([job({ stage: null })], true, 60_000)).toBe(60_000);
  expect(interval([job({ stage: null })], true, 1000)).toBe(500);
});

test('a job that was seen going on and is over has ended', () => {
  const done = job({ status: 'completed' });
  expect(endedSince([job()], [done])).toEqual([done]);
  expect(endedSince([done], [done])).toEqual([]);
});

test('a job that began and ended between two looks has ended', () => {
  const old = job({ job_id: 'old', status: 'completed' });
  const quick = job({ job_id: 'quick', status: 'failed', created_at: '2026-01-01T11:00:00Z' });
  expect(endedSince([old], [quick, old])).toEqual([quick]);
  expect(endedSince([], [quick])).toEqual([quick]);
});

test('an old job that comes into sight is no news', () => {
  const old = job({ job_id: 'old', status: 'failed', created_at: '2025-01-01T10:00:00Z' });
  expect(endedSince([job()], [job(), old])).toEqual([]);
});

test('the end of a job is told once, and not for what was over at the first look', async () => {
  const platform = new Platform();
  const jobs = new Jobs(platform, 2000);
  const ended: string[] = [];
  jobs.ended.connect((_, one) => ended.push(one.job_id));
  platform.jobs_ = [job(), job({ job_id: 'j0', status: 'failed' })];
  await look(jobs);
  expect(ended).toEqual([]);
  platform.jobs_ = [job({ status: 'completed' }), job({ job_id: 'j0', status: 'failed' })];
  await look(jobs);
  await look(jobs);
  expect(ended).toEqual(['j1']);
});

test('what was known stays while the platform is away, and it recovers', async () => {
  const platform = new Platform();
  platform.jobs_ = [job()];
  const jobs = new Jobs(platform, 2000);
  await look(jobs);
  platform.away = true;
  await look(jobs);
  expect(jobs.problem?.message).toBe('away');
  expect(jobs.items).toHaveLength(1);
  platform.away = false;
  await look(jobs);
  expect(jobs.problem).toBeNull();
});

test('older ones are shown when they are asked for', async () => {
  const platform = new Platform();
  platform.jobs_ = Array.from({ length: 70 }, (_, index) => job({ job_id: `j${index}` }));
  const jobs = new Jobs(platform, 2000);
  await look(jobs);
  expect(jobs.items).toHaveLength(50);
  expect(jobs.hasMore).toBe(true);
  const seen = look(jobs);
  jobs.more();
  await seen;
  await look(jobs);
  expect(jobs.items).toHaveLength(70);
  expect(jobs.hasMore).toBe(false);
});
