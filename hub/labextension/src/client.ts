import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type {
  IBenchmark,
  IBoard,
  IComparison,
  IConfig,
  IEnvironment,
  IInspection,
  IJob,
  IJobList,
  IOrigin,
  IPictures,
  IQueued,
  IQuota,
  IResults,
  ISubmission,
  ISubmitted,
  ITemplate
} from './api';

// An answer that takes longer is none; the server half gives up on the API long before.
const PATIENCE_MS = 60_000;
const SERVER_ERRORS = 500;

/** A refusal: the sentence that the user reads, and the field of a form that it is about. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly retryAfterSeconds: number | null = null
  ) {
    super(message);
    this.name = 'Refused';
  }

  /** Whether nothing is known of what became of the request: it is safe to ask for the same once more. */
  get isUncertain(): boolean {
    return this.status === 0 || this.status >= SERVER_ERRORS;
  }

  /** Whether there was nobody to answer. */
  get isUnreachable(): boolean {
    return this.status === 0 || (this.status > SERVER_ERRORS && this.code !== 'api_unexpected');
  }
}

/** Speaks to the server half of this extension, which alone knows the API and its token. */
export class Client {
  constructor(
    private readonly settings: ServerConnection.ISettings,
    private readonly language: () => string
  ) {}

  environment(): Promise<IEnvironment> {
    return this.get('environment');
  }

  templates(): Promise<ITemplate[]> {
    return this.get('api/templates');
  }

  benchmarks(): Promise<IBenchmark[]> {
    return this.get('api/benchmarks');
  }

  quota(): Promise<IQuota> {
    return this.get('api/quota');
  }

  /** The newest jobs of a user. */
  jobs(user: string, limit: number): Promise<IJobList> {
    return this.get(`api/jobs${URLExt.objectToQueryString({ user_id: user, limit })}`);
  }

  results(jobId: string): Promise<IResults> {
    return this.get(`api/jobs/${part(jobId)}/results`);
  }

  pictures(jobId: string): Promise<IPictures> {
    return this.get(`api/jobs/${part(jobId)}/visualizations`);
  }

  submitted(submissionId: string): Promise<ISubmitted> {
    return this.get(`api/submissions/${part(submissionId)}`);
  }

  /** The best run of each user on a benchmark. */
  board(slug: string): Promise<IBoard> {
    return this.get(`api/leaderboard/${part(slug)}?entries=best&limit=500`);
  }

  /** Which template a notebook came from; null where it is none that is known. */
  origin(path: string): Promise<IOrigin | null> {
    return this.get(`origin${URLExt.objectToQueryString({ path })}`);
  }

  compare(path: string): Promise<IComparison> {
    return this.get(`compare${URLExt.objectToQueryString({ path })}`);
  }

  executed(jobId: string): Promise<unknown> {
    return this.get(`executed/${part(jobId)}`);
  }

  inspect(path: string): Promise<IInspection> {
    return this.post('inspect', { path });
  }

  start(template: string, directory: string): Promise<{ path: string }> {
    return this.post('start', { template, directory });
  }

  submit(submission: ISubmission): Promise<IQueued> {
    return this.post('submit', submission);
  }

  cancel(jobId: string): Promise<IJob> {
    return this.post(`api/jobs/${part(jobId)}/cancel`, {});
  }

  /** Ask for another run of what was submitted before. */
  again(submissionId: string, config: IConfig, key: string): Promise<IQueued> {
    return this.post('api/jobs', { submission_id: submissionId, config }, { 'Idempotency-Key': key });
  }

  /** Open the stream of a job's events; it lasts until the job ends or `signal` ends it. */
  events(jobId: string, signal: AbortSignal): Promise<Response> {
    return this.request(`api/jobs/${part(jobId)}/events`, { signal });
  }

  private async get<T>(path: string): Promise<T> {
    return answer<T>(await this.request(path, { signal: AbortSignal.timeout(PATIENCE_MS) }));
  }

  // Without a limit of time: what is uploaded may be large, and only the server knows that it has arrived.
  private async post<T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> {
    return answer<T>(await this.request(path, { method: 'POST', body: JSON.stringify(body), headers }));
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    const url = URLExt.join(this.settings.baseUrl, 'leadersboard', path);
    const headers = { ...(init.headers as Record<string, string>), 'Accept-Language': this.language() };
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, { ...init, headers }, this.settings);
    } catch (error) {
      throw new Refused(0, 'server_unreachable', String(error));
    }
    if (!response.ok) {
      throw await refusal(response);
    }
    return response;
  }
}

function part(id: string): string {
  return encodeURIComponent(id);
}

async function answer<T>(response: Response): Promise<T> {
  return response.status === 204 ? (null as T) : ((await response.json()) as T);
}

/** Return what an answer refuses; servers between us and LeadersBoard answer in forms of their own, or in none. */
async function refusal(response: Response): Promise<Refused> {
  const retry = Number(response.headers.get('Retry-After'));
  const wait = Number.isFinite(retry) && retry > 0 ? retry : null;
  const { status, statusText } = response;
  try {
    const body = (await response.json()) as Record<string, unknown>;
    const sentence = text(body.detail) ?? text(body.message) ?? statusText;
    return new Refused(status, text(body.code) ?? 'error', sentence, text(body.field), wait);
  } catch {
    return new Refused(status, 'error', statusText || `HTTP ${status}`, null, wait);
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
