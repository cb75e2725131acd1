import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import type { IConfig, IJob, IQueued } from './api';
import { Refused } from './client';
import type { Client } from './client';

/** What a click submits, beside the notebook itself. */
export interface IChoice {
  config: IConfig;
  /** Paths among the user's files. */
  files: string[];
}

/** The part of a contents manager that is needed to know what was saved. */
export type Saved = Pick<Contents.IManager, 'get' | 'localPath'>;

/** The part of a notebook's panel that is needed to submit it. */
export interface ISubmittable {
  readonly context: Pick<NotebookPanel['context'], 'path' | 'ready' | 'save'>;
}

interface IWish {
  /** Two wishes of the same text are the same wish. */
  text: string;
  send: (key: string) => Promise<IQueued>;
}

/**
 * Submits notebooks, once for each wish, however often and fast a button is pressed.
 *
 * A key goes with each wish. It is kept when nothing is known of what became of the request, so that pressing again asks
 * for the same submission and not for a second one.
 */
export class Submitter {
  constructor(
    private readonly client: Pick<Client, 'submit' | 'again'>,
    private readonly contents: Saved
  ) {}

  /** What is on its way has changed. */
  readonly changed = new Signal<this, void>(this);

  /** Whether the notebook at a path, or another run of a job, is on its way. */
  isBusy(pathOrJob: string): boolean {
    return this.underway.has(pathOrJob);
  }

  /** Save the notebook and submit what was saved; a second call while the first is underway is the first. */
  submit(panel: ISubmittable, choice: IChoice): Promise<IQueued> {
    const { context } = panel;
    return this.once(context.path, async () => {
      // Before it has been read there is nothing on screen that could be saved.
      await context.ready;
      await context.save();
      const saved = await this.contents.get(context.path, { content: false, hash: true });
      const hash = saved.hash ?? '';
      const path = this.contents.localPath(context.path);
      return {
        text: JSON.stringify([hash, choice]),
        send: key => this.client.submit({ path, hash, ...choice, idempotency_key: key })
      };
    });
  }

  /** Ask for another run of what a job ran. */
  again(job: IJob, config: IConfig): Promise<IQueued> {
    return this.once(job.job_id, () =>
      Promise.resolve({
        text: JSON.stringify(config),
        send: key => this.client.again(job.submission_id, config, key)
      })
    );
  }

  private once(name: string, wish: () => Promise<IWish>): Promise<IQueued> {
    const running = this.underway.get(name);
    if (running !== undefined) {
      return running;
    }
    const asked = this.carryOut(name, wish).finally(() => {
      this.underway.delete(name);
      this.changed.emit();
    });
    this.underway.set(name, asked);
    this.changed.emit();
    return asked;
  }

  private async carryOut(name: string, prepare: () => Promise<IWish>): Promise<IQueued> {
    const wish = await prepare();
    const kept = this.keys.get(name);
    const key = kept?.text === wish.text ? kept.key : UUID.uuid4();
    this.keys.set(name, { text: wish.text, key });
    try {
      const queued = await wish.send(key);
      this.keys.delete(name);
      return queued;
    } catch (error) {
      if (!(error instanceof Refused && error.isUncertain)) {
        this.keys.delete(name);
      }
      throw error;
    }
  }

  private readonly underway = new Map<string, Promise<IQueued>>();
  private readonly keys = new Map<string, { text: string; key: string }>();
}

/** Return what a job was asked for with. */
export function configOf(job: IJob): IConfig {
  return {
    resource_class: job.resource_class,
    ...(job.benchmark === null ? {} : { benchmark: job.benchmark }),
    ...(Object.keys(job.parameters).length > 0 ? { parameters: job.parameters } : {})
  };
}
