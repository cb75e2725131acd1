import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import type { IConfig, IQueued } from './api';
import { Refused } from './client';
import type { Client } from './client';

/** What a click submits, beside the notebook itself. */
export interface IChoice {
  config: IConfig;
  files: string[];
}

/** The part of a contents manager that is needed to know what was saved. */
export type Saved = Pick<Contents.IManager, 'get' | 'localPath'>;

/**
 * Submits the notebook on screen, once for each wish, however often and fast the button is pressed.
 *
 * A key goes with each wish. It is kept when nothing is known of what became of the request, so that pressing again asks
 * for the same submission and not for a second one.
 */
export class Submitter {
  constructor(
    private readonly client: Pick<Client, 'submit'>,
    private readonly contents: Saved
  ) {}

  /** Whether a notebook is on its way has changed. */
  readonly changed = new Signal<this, void>(this);

  isBusy(path: string): boolean {
    return this.underway.has(path);
  }

  /** Save the notebook and submit what was saved; a second call while the first is underway is the first. */
  submit(panel: Pick<NotebookPanel, 'context'>, choice: IChoice): Promise<IQueued> {
    const path = panel.context.path;
    const running = this.underway.get(path);
    if (running !== undefined) {
      return running;
    }
    const asked = this.send(panel, choice).finally(() => {
      this.underway.delete(path);
      this.changed.emit();
    });
    this.underway.set(path, asked);
    this.changed.emit();
    return asked;
  }

  private async send(panel: Pick<NotebookPanel, 'context'>, choice: IChoice): Promise<IQueued> {
    const context = panel.context;
    await context.ready;
    await context.save();
    const saved = await this.contents.get(context.path, { content: false, hash: true });
    const hash = saved.hash ?? '';
    const wish = JSON.stringify([hash, choice]);
    const kept = this.keys.get(context.path);
    const key = kept?.wish === wish ? kept.key : UUID.uuid4();
    this.keys.set(context.path, { wish, key });
    try {
      const queued = await this.client.submit({
        path: this.contents.localPath(context.path),
        hash,
        files: choice.files,
        idempotency_key: key,
        config: choice.config
      });
      this.keys.delete(context.path);
      return queued;
    } catch (error) {
      if (!(error instanceof Refused && error.isUnreachable)) {
        this.keys.delete(context.path);
      }
      throw error;
    }
  }

  private readonly underway = new Map<string, Promise<IQueued>>();
  private readonly keys = new Map<string, { wish: string; key: string }>();
}
