import { ReactWidget } from '@jupyterlab/ui-components';
import { Poll } from '@lumino/polling';
import * as React from 'react';

import type { IBoard, IBoardRow } from '../api';
import type { Client } from '../client';
import type { Say } from '../texts';

const REFRESH_MS = 10_000;

/** A board in a tab of Lab: the best of each user, one's own rows marked. */
export class BoardTab extends ReactWidget {
  constructor(
    private readonly slug: string,
    private readonly client: Client,
    private readonly user: string,
    private readonly say: Say
  ) {
    super();
    this.addClass('lb-BoardTab');
    this.poll = new Poll<void>({
      name: `jupyterlab-leadersboard:board:${slug}`,
      factory: () => this.refresh(),
      frequency: { interval: REFRESH_MS, backoff: true, max: 60_000 },
      standby: () => !this.isVisible
    });
  }

  dispose(): void {
    this.poll.dispose();
    super.dispose();
  }

  render(): JSX.Element {
    const say = this.say;
    const board = this.board;
    return (
      <div>
        <h2>{board?.benchmark ?? this.slug}</h2>
        {this.problem !== null && <p role="alert">{this.problem}</p>}
        <p className="lb-Quiet" role="status">
          {this.at === null ? say('Loading …') : say('As of {time}', { time: this.at.toLocaleTimeString() })}
        </p>
        {board !== null && <BoardTable board={board} user={this.user} say={say} />}
      </div>
    );
  }

  private async refresh(): Promise<void> {
    try {
      this.board = await this.client.board(this.slug);
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

function BoardTable({ board, user, say }: { board: IBoard; user: string; say: Say }): JSX.Element {
  const metrics = Object.keys(board.metrics);
  if (board.rows.length === 0) {
    return <p>{say('Nothing is ranked yet.')}</p>;
  }
  return (
    <table className="lb-Board">
      <thead>
        <tr>
          <th scope="col">{say('Rank')}</th>
          <th scope="col">{say('User')}</th>
          <th scope="col">{say('Method')}</th>
          {metrics.map(name => (
            <th scope="col" key={name} aria-sort={sorted(name, board)}>
              {name} {board.metrics[name] === 'maximize' ? '↑' : '↓'}
            </th>
          ))}
          <th scope="col">{say('Submitted')}</th>
        </tr>
      </thead>
      <tbody>
        {board.rows.map(row => (
          <tr key={row.job_id} className={row.user_id === user ? 'lb-mod-own' : undefined} data-job={row.job_id}>
            <td>{row.rank ?? '–'}</td>
            <td>
              {row.user_id}
              {row.user_id === user && <span className="lb-Badge">{say('you')}</span>}
            </td>
            <td>
              {row.method ?? row.template ?? row.submission_id.slice(0, 8)}
              {row.kind === 'reported' && <span className="lb-Badge">{say('reported')}</span>}
            </td>
            {metrics.map(name => (
              <td key={name}>{value(row, name)}</td>
            ))}
            <td>{new Date(row.submitted_at).toLocaleString()}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sorted(metric: string, board: IBoard): 'ascending' | 'descending' | undefined {
  if (metric !== board.primary_metric) {
    return undefined;
  }
  return board.metrics[metric] === 'maximize' ? 'descending' : 'ascending';
}

function value(row: IBoardRow, metric: string): string {
  return row.metrics[metric]?.toFixed(3) ?? '–';
}
