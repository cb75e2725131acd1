import * as React from 'react';

import type { IJob } from '../api';
import { duration, elapsed, fraction, moment, nameOf, standing } from '../describe';
import { statusIcons } from '../icons';
import type { IJobActions } from './actions';
import { JobDetail } from './JobDetail';
import { Score } from './Score';

/** One job in the list: how it stands in a few lines, and all of it when it is opened. */
export function JobItem(props: {
  job: IJob;
  now: number;
  open: boolean;
  onToggle: () => void;
  actions: IJobActions;
}): JSX.Element {
  const { job, now, open, onToggle, actions } = props;
  const { say } = actions;
  const Icon = statusIcons[job.status];
  const seconds = elapsed(job, now);
  const done = fraction(job);
  const id = `lb-job-${job.job_id}`;
  return (
    <li className={`lb-Job lb-mod-${job.status}`} data-job={job.job_id}>
      <button type="button" className="lb-Job-head" aria-expanded={open} aria-controls={id} onClick={onToggle}>
        <span className="lb-Job-icon" aria-hidden="true">
          <Icon.react tag="span" elementSize="normal" />
        </span>
        <span className="lb-Job-name" title={nameOf(job)}>
          {nameOf(job)}
        </span>
        <time className="lb-Quiet" dateTime={job.created_at} title={new Date(job.created_at).toLocaleString()}>
          {moment(job.created_at, now)}
        </time>
        <span className="lb-Job-line">
          <span className="lb-Job-standing">{standing(job, say)}</span>
          {seconds !== null && <span className="lb-Quiet"> · {duration(seconds, say)}</span>}
        </span>
        {job.score && <Score score={job.score} say={say} />}
        {job.status === 'failed' && !open && <span className="lb-Job-error">{job.error}</span>}
      </button>
      {done !== null && <progress className="lb-Job-progress" value={done} max={1} aria-label={standing(job, say)} />}
      <div id={id} hidden={!open}>
        {open && <JobDetail job={job} actions={actions} />}
      </div>
    </li>
  );
}
