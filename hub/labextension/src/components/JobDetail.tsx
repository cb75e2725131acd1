import * as React from 'react';

import type { IJob, IPictures, IResults } from '../api';
import { FINAL } from '../api';
import type { IJobActions } from './actions';
import { FailureCard } from './FailureCard';
import { LiveLog } from './LiveLog';
import { Metrics } from './Metrics';
import { Pictures } from './Pictures';

/** All there is to know of one job, and what one can do with it. */
export function JobDetail({ job, actions }: { job: IJob; actions: IJobActions }): JSX.Element {
  const { client, say } = actions;
  const [results, setResults] = React.useState<IResults | null>(null);
  const [pictures, setPictures] = React.useState<IPictures | null>(null);
  const over = FINAL.has(job.status);

  React.useEffect(() => {
    let shown = true;
    const keep =
      <T,>(set: (value: T) => void) =>
      (value: T): void => {
        if (shown) {
          set(value);
        }
      };
    if (job.status === 'completed') {
      client.results(job.job_id).then(keep(setResults)).catch(actions.onProblem);
    }
    if (over) {
      client.pictures(job.job_id).then(keep(setPictures)).catch(actions.onProblem);
    }
    return () => {
      shown = false;
    };
    // MLflow may hold the run a moment later.
  }, [client, job.job_id, job.status, job.run_id]);

  return (
    <div className="lb-Detail">
      {job.failure !== null && (
        <FailureCard failure={job.failure} onCell={cell => actions.onCell(job, cell)} say={say} />
      )}
      <Buttons job={job} results={results} actions={actions} />
      {results !== null && <Metrics results={results} say={say} />}
      {pictures !== null && <Pictures pictures={pictures} say={say} />}
      <LiveLog job={job} client={client} say={say} />
    </div>
  );
}

function Buttons(props: { job: IJob; results: IResults | null; actions: IJobActions }): JSX.Element {
  const { job, results, actions } = props;
  const { say } = actions;
  const over = FINAL.has(job.status);
  const mlflow = actions.mlflowLink(results);
  return (
    <div className="lb-Buttons" role="group" aria-label={say('What to do')}>
      {!over && (
        <Button onClick={() => actions.onCancel(job)} disabled={job.cancel_requested}>
          {say('Cancel')}
        </Button>
      )}
      {job.started_at !== null && isNotebook(job) && (
        <Button onClick={() => actions.onExecuted(job)}>{say('Executed notebook')}</Button>
      )}
      {over && <Button onClick={() => actions.onAgain(job)}>{say('Submit again')}</Button>}
      {over && isNotebook(job) && (
        <Button onClick={() => actions.onAgainWith(job)}>{say('With other parameters')}</Button>
      )}
      {mlflow !== null && (
        <a className="lb-Link" href={mlflow} target="_blank" rel="noopener noreferrer">
          {say('Open in MLflow')}
        </a>
      )}
      {job.status === 'completed' && job.benchmark !== null && (
        <Button onClick={() => actions.onBoard(job)}>{say('Show on the board')}</Button>
      )}
    </div>
  );
}

function Button(props: { onClick: () => void; disabled?: boolean; children: React.ReactNode }): JSX.Element {
  return (
    <button className="jp-mod-styled lb-Button" onClick={props.onClick} disabled={props.disabled}>
      {props.children}
    </button>
  );
}

function isNotebook(job: IJob): boolean {
  return (job.entrypoint ?? '').endsWith('.ipynb');
}
