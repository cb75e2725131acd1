import type { IBenchmark, IJob, IParameter } from '../src/api';
import type { Say } from '../src/texts';

/** Says a text as it is written, its facts filled in. */
export const say: Say = (text, facts = {}) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));

export function job(changed: Partial<IJob> = {}): IJob {
  return {
    job_id: 'j1',
    submission_id: 's1',
    user_id: 'ann',
    status: 'running',
    stage: 'executing',
    progress: null,
    queue: null,
    error: null,
    failure: null,
    benchmark: 'demo',
    resource_class: 'small',
    parameters: {},
    entrypoint: 'own.ipynb',
    score: null,
    created_at: '2026-01-01T10:00:00Z',
    started_at: '2026-01-01T10:00:10Z',
    finished_at: null,
    run_seconds: null,
    peak_memory_bytes: null,
    cancel_requested: false,
    run_id: null,
    ...changed
  };
}

export function parameter(
  name: string,
  kind: IParameter['kind'],
  value: unknown,
  more: Partial<IParameter> = {}
): IParameter {
  return { name, kind, default: value, choices: [], help: '', expected: '', fixed: false, ...more };
}

export const BENCHMARK: IBenchmark = { slug: 'demo', title: 'Demonstration', primary_metric: 'image_auroc' };

/** A promise that is settled from outside. */
export function later<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (problem: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (problem: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}
