import { Contents, ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { Client } from './client';

/** The name of the drive that executed notebooks are in. */
export const DRIVE = 'LeadersBoard';

/** Return the path that Lab opens the executed notebook of a job by. */
export function executedPath(jobId: string, name: string): string {
  return `${DRIVE}:${jobId}/${name}`;
}

/** Executed notebooks, to read: each is `JOB/NAME.ipynb`. Nothing can be written, renamed or removed. */
export class ExecutedDrive implements Contents.IDrive {
  constructor(
    private readonly client: Pick<Client, 'executed'>,
    readonly serverSettings: ServerConnection.ISettings
  ) {}

  readonly name = DRIVE;
  readonly fileChanged = new Signal<this, Contents.IChangedArgs>(this);
  isDisposed = false;

  dispose(): void {
    this.isDisposed = true;
    Signal.clearData(this);
  }

  async get(path: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    const [jobId, name] = path.split('/');
    if (!jobId || !name) {
      return model(path, 'directory', [], 'json');
    }
    const wanted = options?.content !== false;
    return model(path, 'notebook', wanted ? await this.client.executed(jobId) : null, wanted ? 'json' : null);
  }

  async listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return [];
  }

  getDownloadUrl(path: string): Promise<string> {
    const [jobId] = path.split('/');
    return Promise.resolve(`${this.serverSettings.baseUrl}leadersboard/api/jobs/${jobId}/notebook`);
  }

  newUntitled = readOnly;
  delete = readOnly;
  rename = readOnly;
  save = readOnly;
  copy = readOnly;
  createCheckpoint = readOnly;
  restoreCheckpoint = readOnly;
  deleteCheckpoint = readOnly;
}

async function readOnly(): Promise<never> {
  throw new Error('Executed notebooks can be read only.');
}

function model(
  path: string,
  type: Contents.ContentType,
  content: unknown,
  format: Contents.FileFormat
): Contents.IModel {
  const moment = new Date(0).toISOString();
  return {
    name: path.split('/').pop() ?? '',
    path,
    type,
    writable: false,
    created: moment,
    last_modified: moment,
    mimetype: type === 'notebook' ? 'application/x-ipynb+json' : '',
    content,
    format
  };
}
