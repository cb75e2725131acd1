import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { JobList } from './JobList';
import type { Jobs } from '../jobs';
import type { IJobActions } from './actions';

/** The side panel: the user's jobs, newest first, as they go on. */
export class SubmissionsPanel extends ReactWidget {
  constructor(
    private readonly jobs: Jobs,
    private readonly actions: IJobActions
  ) {
    super();
    this.addClass('lb-Panel');
    jobs.changed.connect(() => this.update());
  }

  /** Open a job, and bring it into sight. */
  reveal(jobId: string): void {
    this.open = this.sought = jobId;
    this.update();
  }

  render(): JSX.Element {
    return (
      <JobList
        jobs={this.jobs}
        actions={this.actions}
        open={this.open}
        onToggle={jobId => {
          this.open = this.open === jobId ? null : jobId;
          this.update();
        }}
      />
    );
  }

  protected onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    const sought = this.sought;
    if (sought !== null) {
      this.sought = null;
      void this.renderPromise?.then(() => {
        this.node.querySelector(`[data-job="${CSS.escape(sought)}"]`)?.scrollIntoView({ block: 'start' });
      });
    }
  }

  private open: string | null = null;
  private sought: string | null = null;
}
