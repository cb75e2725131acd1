import * as React from 'react';

import type { IJob, IResults } from '../api';
import { FINAL } from '../api';
import { ActionButton } from './ActionButton';
import type { IJobActions } from './actions';

/** What one can do with a job. */
export function JobButtons(props: { job: IJob; results: IResults | null; actions: IJobActions }): JSX.Element {
  const { job, results, actions } = props;
  const { say } = actions;
  const over = FINAL.has(job.status);
  const isNotebook = (job.entrypoint ?? '').endsWith('.ipynb');
  const mlflow = actions.mlflowLink(results);
  return (
    <div className="lb-Buttons" role="group" aria-label={say('What to do')}>
      {!over && (
        <ActionButton onClick={() => actions.onCancel(job)} disabled={job.cancel_requested}>
          {say('Cancel')}
        </ActionButton>
      )}
      {isNotebook && job.started_at !== null && (
        <ActionButton onClick={() => actions.onExecuted(job)}>{say('Executed notebook')}</ActionButton>
      )}
      {over && <ActionButton onClick={() => actions.onAgain(job)}>{say('Submit again')}</ActionButton>}
      {over && isNotebook && (
        <ActionButton onClick={() => actions.onAgainWith(job)}>{say('With other parameters')}</ActionButton>
      )}
      {job.status === 'completed' && job.benchmark !== null && (
        <ActionButton onClick={() => actions.onBoard(job)}>{say('Show on the board')}</ActionButton>
      )}
      {mlflow !== null && (
        <a className="lb-Button" href={mlflow} target="_blank" rel="noopener noreferrer">
          {say('Open in MLflow')}
        </a>
      )}
    </div>
  );
}
