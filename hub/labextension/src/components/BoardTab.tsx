import { ReactWidget } from '@jupyterlab/ui-components';
import { Poll } from '@lumino/polling';
import * as React from 'react';

import type { IBenchmark, IBoard } from '../api';
import type { Client } from '../client';
import type { Say } from '../texts';
import { BoardTable } from './BoardTable';

const REFRESH_MS = 10_000;

/** A board in a tab of Lab: the best of each user, kept fresh while it is looked at. */
export class BoardTab extends ReactWidget {
  constructor(
    private readonly benchmark: Pick<IBenchmark, 'slug' | 'title'>,
    private readonly client: Pick<Client, 'board'>,
    private readonly user: string,
    private readonly say: Say
  ) {
    super();
    this.addClass('lb-Tab');
    this.poll = new Poll<void>({
      name: `jupyterlab-leadersboard:board:${benchmark.slug}`,
      factory: () => this.refresh(),
      frequency: { interval: REFRESH_MS, backoff: true, max: 60_000 },
      standby: () => document.hidden || !this.isVisible
    });
  }

  dispose(): void {
    this.poll.dispose();
    super.dispose();
  }

  /** Look now. */
  refreshNow(): void {
    void this.poll.refresh();
  }

  render(): JSX.Element {
    const { say, board } = this;
    const { title } = this.benchmark;
    return (
      <>
        <h2>{title}</h2>
        {this.problem !== null && (
          <p className="lb-Problem" role="alert">
            {this.problem}
          </p>
        )}
        <p className="lb-Quiet">
          {this.at === null ? say('Loading …') : say('As of {time}', { time: this.at.toLocaleTimeString() })}
        </p>
        {board !== null && <BoardTable board={board} title={title} user={this.user} say={say} />}
      </>
    );
  }

  private async refresh(): Promise<void> {
    try {
      this.board = await this.client.board(this.benchmark.slug);
      this.at = new Date();
      this.problem = null;
    } catch (error) {
      // The last board stays on screen, with its time.
      this.problem = (error as Error).message;
      throw error;
    } finally {
      this.update();
    }
  }

  private readonly poll: Poll<void>;
  private board: IBoard | null = null;
  private at: Date | null = null;
  private problem: string | null = null;
}
