import type { Contents, ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

import type { Client } from './client';

/** The name of the drive that executed notebooks are in. */
export const DRIVE = 'LeadersBoard';

const INJECTED = 'injected-parameters';

/** Return the path that Lab opens the executed notebook of a job by; its name tells it from the user's own. */
export function executedPath(jobId: string, name: string): string {
  return `${DRIVE}:${jobId}/${name.replace(/\.ipynb$/, '')} (executed).ipynb`;
}

/** What of a notebook the functions here look at. */
interface INotebook {
  cells: ICell[];
}

interface ICell {
  source: string | string[];
  metadata?: { tags?: unknown };
  attachments?: Record<string, Record<string, unknown>>;
  outputs?: { text?: string | string[]; data?: Record<string, unknown> }[];
}

/** Executed notebooks, to read: each is `JOB/NAME.ipynb`. Nothing can be written, renamed or removed. */
export class ExecutedDrive implements Contents.IDrive {
  constructor(
    private readonly client: Pick<Client, 'executed'>,
    readonly serverSettings: ServerConnection.ISettings
  ) {}

  readonly name = DRIVE;
  readonly fileChanged = new Signal<this, Contents.IChangedArgs>(this);

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    Signal.clearData(this);
  }

  async get(path: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    const [jobId, name] = path.split('/');
    if (!jobId || !name) {
      return model(path, 'directory', [], 'json');
    }
    if (options?.content === false) {
      return model(path, 'notebook', null, null);
    }
    return model(path, 'notebook', joined((await this.client.executed(jobId)) as INotebook), 'json');
  }

  listCheckpoints(): Promise<Contents.ICheckpointModel[]> {
    return Promise.resolve([]);
  }

  getDownloadUrl(path: string): Promise<string> {
    const [jobId] = path.split('/');
    return Promise.resolve(`${this.serverSettings.baseUrl}leadersboard/api/jobs/${encodeURIComponent(jobId)}/notebook`);
  }

  newUntitled = readOnly;
  delete = readOnly;
  rename = readOnly;
  save = readOnly;
  copy = readOnly;
  createCheckpoint = readOnly;
  restoreCheckpoint = readOnly;
  deleteCheckpoint = readOnly;
  private disposed = false;
}

/**
 * Return a notebook as Lab's contents hold it: files have texts as lists of lines (nbformat 4.5), Lab has them whole.
 *
 * Nothing else is changed.
 */
export function joined(notebook: INotebook): INotebook {
  return { ...notebook, cells: notebook.cells.map(joinedCell) };
}

function joinedCell(cell: ICell): ICell {
  const whole: ICell = { ...cell, source: text(cell.source) };
  if (cell.attachments) {
    whole.attachments = Object.fromEntries(
      Object.entries(cell.attachments).map(([name, bundle]) => [name, joinedBundle(bundle)])
    );
  }
  if (cell.outputs) {
    whole.outputs = cell.outputs.map(output => ({
      ...output,
      ...(output.text === undefined ? {} : { text: text(output.text) }),
      ...(output.data === undefined ? {} : { data: joinedBundle(output.data) })
    }));
  }
  return whole;
}

function joinedBundle(bundle: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    // A list in JSON is a list.
    Object.entries(bundle).map(([type, value]) => [type, /^application\/(.*\+)?json$/.test(type) ? value : text(value)])
  );
}

function text<T>(value: T | string[]): T | string {
  return Array.isArray(value) && value.every(line => typeof line === 'string') ? value.join('') : (value as T);
}

/**
 * Return where in an executed notebook the cell is that the submitted one has at `number`, counting from 1.
 *
 * The cell of parameters that the platform has put in does not count, for its author did not write it. -1: there is none.
 */
export function indexOfCell(cells: readonly { tags: unknown }[], number: number): number {
  let count = 0;
  return cells.findIndex(cell => {
    const injected = Array.isArray(cell.tags) && cell.tags.includes(INJECTED);
    count += injected ? 0 : 1;
    return !injected && count === number;
  });
}

function readOnly(): Promise<never> {
  return Promise.reject(new Error('Executed notebooks can be read only.'));
}

function model(
  path: string,
  type: Contents.ContentType,
  content: unknown,
  format: Contents.FileFormat
): Contents.IModel {
  const never = new Date(0).toISOString();
  return {
    name: path.split('/').pop() ?? '',
    path,
    type,
    writable: false,
    created: never,
    last_modified: never,
    mimetype: type === 'notebook' ? 'application/x-ipynb+json' : '',
    content,
    format
  };
}
