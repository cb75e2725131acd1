/** What the LeadersBoard API answers, as docs/reference/api.md describes it. */

export type JobStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface IFailure {
  reason: string;
  sentence: string;
  /** Counts from 1 over all cells of the notebook. */
  cell: number | null;
  error_name: string | null;
  traceback: string | null;
  hint: string | null;
  peak_memory_bytes: number | null;
}

export interface IScore {
  metric: string;
  direction: 'maximize' | 'minimize';
  value: number;
  rank: number;
  of: number;
  best_before: number | null;
  is_best: boolean;
}

export interface IJob {
  job_id: string;
  submission_id: string;
  user_id: string;
  status: JobStatus;
  stage: string | null;
  progress: { cell: number; cells: number } | null;
  queue: { ahead: number; expected_start_seconds: number | null } | null;
  error: string | null;
  failure: IFailure | null;
  benchmark: string | null;
  resource_class: string;
  parameters: Record<string, unknown>;
  entrypoint?: string | null;
  score?: IScore | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  run_seconds: number | null;
  peak_memory_bytes: number | null;
  cancel_requested: boolean;
  run_id: string | null;
  /** Cells of the template that were put back before the run, counted from 1. */
  restored_cells?: number[];
}

export interface IJobList {
  items: IJob[];
  total: number;
}

export interface ITemplate {
  name: string;
  version: string;
  kind: 'notebook' | 'script';
  benchmark: string | null;
  title: string;
  description: string;
}

export interface IBenchmark {
  slug: string;
  title: string;
  primary_metric: string;
  default_resource_class?: string;
}

export interface IParameter {
  name: string;
  kind: 'boolean' | 'integer' | 'number' | 'text' | 'choice' | 'list' | 'object' | 'any';
  default: unknown;
  choices: unknown[];
  help: string;
  expected: string;
  fixed: boolean;
}

export interface IInspection {
  parameters: IParameter[] | null;
  benchmark: string | null;
  template: string | null;
}

export interface IQuota {
  submissions: {
    limit: number;
    used: number;
    window_seconds?: number;
    /** Set once the limit is reached. */
    next_allowed_at: string | null;
  };
  running: { limit: number; used: number };
}

export interface IEnvironment {
  user_id: string;
  organiser: boolean;
  /** Where a board is when its slug is appended; empty where Lab draws boards itself. */
  board_url: string;
  mlflow_url: string;
}

export interface IResults {
  run_id: string | null;
  mlflow_ui_link: string | null;
  metrics: Record<string, number>;
  intervals: Record<string, [number, number]>;
  by_category: Record<string, Record<string, number>>;
  reported_metrics: Record<string, number>;
}

export interface IPictures {
  artifacts: { filename: string; artifact_type: string; url: string }[];
}

export interface IBoardRow {
  rank: number | null;
  job_id: string;
  user_id: string;
  method: string | null;
  template: string | null;
  submission_id: string;
  kind: 'scored' | 'reported';
  metrics: Record<string, number>;
  intervals: Record<string, [number, number]>;
  reported_metrics: Record<string, number>;
  submitted_at: string;
}

export interface IBoard {
  benchmark: string;
  primary_metric: string;
  metrics: Record<string, 'maximize' | 'minimize'>;
  total: number;
  rows: IBoardRow[];
}

export interface IOrigin {
  template: string;
  title: string;
  version: string;
  started_version: string | null;
  changed: boolean;
}

export interface IComparison {
  title: string;
  cells: {
    kind: 'same' | 'changed' | 'added' | 'removed';
    cell_type: string;
    rows: { kind: 'same' | 'added' | 'removed'; text: string }[];
  }[];
}

export interface IConfig {
  benchmark?: string;
  resource_class?: string;
  parameters?: Record<string, unknown>;
}

/** What was submitted, as far as another run of it needs to know. */
export interface ISubmitted {
  submission_id: string;
  entrypoint: string;
  parameters: IParameter[] | null;
}

/** Asked for by a person; where a key is used again, the same job comes back. */
export interface ISubmission {
  path: string;
  hash: string;
  files: string[];
  idempotency_key: string;
  config: IConfig;
}

export interface IQueued {
  job_id: string;
  submission_id: string;
  status: JobStatus;
}

export const FINAL: ReadonlySet<JobStatus> = new Set(['completed', 'failed', 'cancelled']);
