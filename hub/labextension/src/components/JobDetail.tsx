import * as React from 'react';

import type { IJob, IPictures, IResults } from '../api';
import { FINAL } from '../api';
import type { Say } from '../texts';
import type { IJobActions } from './actions';
import { FailureCard } from './FailureCard';
import { JobButtons } from './JobButtons';
import { LiveLog } from './LiveLog';
import { Metrics } from './Metrics';
import { Parameters } from './Parameters';
import { Pictures } from './Pictures';

/** All there is to know of one job, and what one can do with it. */
export function JobDetail({ job, actions }: { job: IJob; actions: IJobActions }): JSX.Element {
  const { client, say } = actions;
  const { job_id: jobId, status } = job;
  const [results, resultsProblem] = useAnswer<IResults>(
    status === 'completed' ? () => client.results(jobId) : null,
    // MLflow may hold the run a moment later.
    [client, jobId, status, job.run_id]
  );
  const [pictures, picturesProblem] = useAnswer<IPictures>(
    FINAL.has(status) && job.started_at !== null ? () => client.pictures(jobId) : null,
    [client, jobId, status, job.started_at]
  );
  const problem = resultsProblem ?? picturesProblem;
  return (
    <div className="lb-Detail">
      {job.failure !== null && (
        <FailureCard failure={job.failure} onCell={cell => actions.onCell(job, cell)} say={say} />
      )}
      <JobButtons job={job} results={results} actions={actions} />
      {problem !== null && (
        <p className="lb-Problem" role="status">
          {problem.message}
        </p>
      )}
      <Restored cells={job.restored_cells ?? []} say={say} />
      {results !== null && <Metrics results={results} say={say} />}
      {pictures !== null && <Pictures pictures={pictures} say={say} />}
      <LiveLog job={job} client={client} say={say} />
      <Parameters job={job} say={say} />
    </div>
  );
}

function Restored({ cells, say }: { cells: readonly number[]; say: Say }): JSX.Element | null {
  return cells.length === 0 ? null : (
    <p className="lb-Quiet">
      {say('Locked cells of the template were put back before the run: {cells}.', { cells: cells.join(', ') })}
    </p>
  );
}

/** What `ask` answers, and what it failed with; asked anew when one of `causes` changes, never where `ask` is null. */
function useAnswer<T>(ask: (() => Promise<T>) | null, causes: unknown[]): [T | null, Error | null] {
  const [answer, setAnswer] = React.useState<T | null>(null);
  const [problem, setProblem] = React.useState<Error | null>(null);
  React.useEffect(() => {
    let shown = true;
    if (ask !== null) {
      ask().then(
        value => {
          if (shown) {
            setAnswer(value);
            setProblem(null);
          }
        },
        (error: Error) => {
          if (shown) {
            setProblem(error);
          }
        }
      );
    }
    return () => {
      shown = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `ask` is another function each time; `causes` say when
  }, causes);
  return [answer, problem];
}
