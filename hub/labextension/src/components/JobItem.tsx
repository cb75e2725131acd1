import { checkIcon, LabIcon, refreshIcon, stopIcon, closeIcon, runningIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IJob, JobStatus } from '../api';
import { duration, elapsed, fraction, standing } from '../describe';
import type { IJobActions } from './actions';
import { JobDetail } from './JobDetail';
import { Score } from './Score';

const ICONS: Record<JobStatus, LabIcon> = {
  pending: refreshIcon,
  running: runningIcon,
  completed: checkIcon,
  failed: closeIcon,
  cancelled: stopIcon
};

/** One job in the list: how it stands in two lines, and all of it when it is opened. */
export function JobItem(props: {
  job: IJob;
  now: number;
  open: boolean;
  onToggle: () => void;
  actions: IJobActions;
}): JSX.Element {
  const { job, now, open, onToggle, actions } = props;
  const { say } = actions;
  const Icon = ICONS[job.status];
  const seconds = elapsed(job, now);
  const done = fraction(job);
  const id = `lb-job-${job.job_id}`;
  return (
    <li className={`lb-Job lb-mod-${job.status}`} data-job={job.job_id}>
      <button className="lb-Job-head" aria-expanded={open} aria-controls={id} onClick={onToggle}>
        <Icon.react className="lb-Job-icon" tag="span" elementSize="normal" />
        <span className="lb-Job-name">{job.entrypoint ?? job.job_id.slice(0, 8)}</span>
        <span className="lb-Quiet">
          {seconds === null ? new Date(job.created_at).toLocaleTimeString() : duration(seconds, say)}
        </span>
        <span className="lb-Job-standing">{standing(job, say)}</span>
        {job.score && <Score score={job.score} say={say} />}
        {job.status === 'failed' && !open && <span className="lb-Job-error">{job.error}</span>}
        {done !== null && (
          <progress className="lb-Job-progress" value={done} max={1} aria-label={standing(job, say)} />
        )}
      </button>
      <div id={id} hidden={!open}>
        {open && <JobDetail job={job} actions={actions} />}
      </div>
    </li>
  );
}
