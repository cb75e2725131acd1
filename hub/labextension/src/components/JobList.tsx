import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { FINAL } from '../api';
import { Refused } from '../client';
import { boardIcon } from '../icons';
import type { Jobs } from '../jobs';
import type { Say } from '../texts';
import { Announcer } from './Announcer';
import type { IJobActions } from './actions';
import { JobItem } from './JobItem';

/** The jobs as a list, and what to say where there are none, or no news of them. */
export function JobList(props: {
  jobs: Jobs;
  actions: IJobActions;
  open: string | null;
  onToggle: (jobId: string) => void;
}): JSX.Element {
  const { jobs, actions, open, onToggle } = props;
  const { say } = actions;
  const now = useNow(jobs.items.some(job => !FINAL.has(job.status)));
  const isEmpty = jobs.isLoaded && jobs.items.length === 0;
  return (
    <div className="lb-List">
      <header>
        <h2>{say('Submissions')}</h2>
        <IconButton label={say('Refresh')} onClick={jobs.ask}>
          <refreshIcon.react tag="span" elementSize="normal" />
        </IconButton>
        <IconButton label={say('Open the Board')} onClick={() => void actions.onBoards()}>
          <boardIcon.react tag="span" elementSize="normal" />
        </IconButton>
      </header>
      {jobs.problem !== null && <Problem problem={jobs.problem} onRetry={jobs.ask} say={say} />}
      {isEmpty && (
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
            onToggle={() => onToggle(job.job_id)}
            actions={actions}
          />
        ))}
      </ul>
      {jobs.hasMore && (
        <button type="button" className="lb-Button lb-More" onClick={() => jobs.more()}>
          {say('Show older ones ({shown} of {total})', { shown: jobs.items.length, total: jobs.total })}
        </button>
      )}
      <Announcer jobs={jobs.items} say={say} />
    </div>
  );
}

function IconButton(props: { label: string; onClick: () => void; children: React.ReactNode }): JSX.Element {
  return (
    <button
      type="button"
      className="lb-IconButton"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

function Problem(props: { problem: Error; onRetry: () => void; say: Say }): JSX.Element {
  const { problem, onRetry, say } = props;
  const isAway = !(problem instanceof Refused) || problem.isUnreachable;
  return (
    <div className="lb-Problem" role="alert">
      <p>
        {isAway
          ? say('LeadersBoard cannot be reached. What runs goes on; this list comes back by itself.')
          : problem.message}
      </p>
      <button type="button" className="lb-Button" onClick={onRetry}>
        {say('Try now')}
      </button>
    </div>
  );
}

/** The present moment, in milliseconds; it goes on while something else does. */
function useNow(busy: boolean): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    setNow(Date.now());
    if (!busy) {
      return;
    }
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [busy]);
  return now;
}
