import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type {
  IBenchmark,
  IBoard,
  IComparison,
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
  ITemplate
} from './api';

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

  /** Whether LeadersBoard could not be reached: nothing is known of what became of the request. */
  get isUnreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503;
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

  jobs(user: string, limit = 50): Promise<IJobList> {
    return this.get(`api/jobs${URLExt.objectToQueryString({ user_id: user, limit })}`);
  }

  results(jobId: string): Promise<IResults> {
    return this.get(`api/jobs/${jobId}/results`);
  }

  pictures(jobId: string): Promise<IPictures> {
    return this.get(`api/jobs/${jobId}/visualizations`);
  }

  board(slug: string): Promise<IBoard> {
    return this.get(`api/leaderboard/${slug}?entries=best&limit=500`);
  }

  origin(path: string): Promise<IOrigin | null> {
    return this.get(`origin${URLExt.objectToQueryString({ path })}`);
  }

  compare(path: string): Promise<IComparison> {
    return this.get(`compare${URLExt.objectToQueryString({ path })}`);
  }

  executed(jobId: string): Promise<unknown> {
    return this.get(`executed/${jobId}`);
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
    return this.post(`api/jobs/${jobId}/cancel`, {});
  }

  /** Ask for another run of what was submitted before. */
  again(submissionId: string, config: object, key: string): Promise<IQueued> {
    return this.post(
      'api/jobs',
      { submission_id: submissionId, config },
      { 'Idempotency-Key': key }
    );
  }

  /** Open the stream of a job's events. */
  async events(jobId: string, signal: AbortSignal): Promise<Response> {
    return this.request(`api/jobs/${jobId}/events`, { signal });
  }

  private async get<T>(path: string): Promise<T> {
    return this.answer<T>(await this.request(path, {}));
  }

  private async post<T>(
    path: string,
    body: object,
    headers: Record<string, string> = {}
  ): Promise<T> {
    const init = { method: 'POST', body: JSON.stringify(body), headers };
    return this.answer<T>(await this.request(path, init));
  }

  private async answer<T>(response: Response): Promise<T> {
    return response.status === 204 ? (null as T) : ((await response.json()) as T);
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    const url = URLExt.join(this.settings.baseUrl, 'leadersboard', path);
    const headers = { ...init.headers, 'Accept-Language': this.language() };
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, { ...init, headers }, this.settings);
    } catch (error) {
      if (init.signal?.aborted) {
        throw error;
      }
      throw new Refused(0, 'server_unreachable', String(error));
    }
    if (!response.ok) {
      throw await refusal(response);
    }
    return response;
  }
}

async function refusal(response: Response): Promise<Refused> {
  const retry = Number(response.headers.get('Retry-After'));
  const wait = Number.isFinite(retry) && retry > 0 ? retry : null;
  try {
    const body = await response.json();
    const sentence = String(body.detail ?? body.message ?? response.statusText);
    return new Refused(response.status, String(body.code ?? 'error'), sentence, body.field ?? null, wait);
  } catch {
    return new Refused(response.status, 'error', response.statusText, null, wait);
  }
}
