import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { FINAL } from '../api';
import type { Jobs } from '../jobs';
import type { Say } from '../texts';
import type { IJobActions } from './actions';
import { JobItem } from './JobItem';

/** The side panel: the user's jobs, newest first, as they go on. */
export class SubmissionsPanel extends ReactWidget {
  constructor(
    private readonly jobs: Jobs,
    private readonly actions: IJobActions
  ) {
    super();
    this.addClass('lb-Panel');
  }

  render(): JSX.Element {
    return <List jobs={this.jobs} actions={this.actions} />;
  }
}

function List({ jobs, actions }: { jobs: Jobs; actions: IJobActions }): JSX.Element {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const [open, setOpen] = React.useState<string | null>(null);
  React.useEffect(() => {
    jobs.changed.connect(redraw);
    return () => {
      jobs.changed.disconnect(redraw);
    };
  }, [jobs]);
  const busy = jobs.items.some(job => !FINAL.has(job.status));
  const now = useNow(busy);
  const { say } = actions;
  return (
    <div className="lb-List">
      <header>
        <h2>{say('Submissions')}</h2>
        {jobs.total > jobs.items.length && (
          <span className="lb-Quiet">{say('{shown} of {total}', { shown: jobs.items.length, total: jobs.total })}</span>
        )}
      </header>
      {jobs.problem !== null && <Problem message={jobs.problem.message} onRetry={jobs.ask} say={say} />}
      {jobs.isLoaded && jobs.items.length === 0 && (
        <p className="lb-Quiet lb-Empty">
          {say('Nothing has been submitted yet. Start from a template in the launcher and press Submit.')}
        </p>
      )}
      {!jobs.isLoaded && jobs.problem === null && <p className="lb-Quiet lb-Empty">{say('Loading …')}</p>}
      <ul aria-label={say('Submissions')} aria-busy={!jobs.isLoaded}>
        {jobs.items.map(job => (
          <JobItem
            key={job.job_id}
            job={job}
            now={now}
            open={open === job.job_id}
            onToggle={() => setOpen(open === job.job_id ? null : job.job_id)}
            actions={actions}
          />
        ))}
      </ul>
    </div>
  );
}

function Problem(props: { message: string; onRetry: () => void; say: Say }): JSX.Element {
  return (
    <div className="lb-Problem" role="alert">
      <p>{props.say('LeadersBoard cannot be reached. What runs goes on; this list comes back by itself.')}</p>
      <p className="lb-Quiet">{props.message}</p>
      <button className="jp-mod-styled" onClick={props.onRetry}>
        {props.say('Try now')}
      </button>
    </div>
  );
}

/** The present moment, kept while something goes on. */
function useNow(busy: boolean): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    if (!busy) {
      return;
    }
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [busy]);
  return now;
}
