import * as React from 'react';

import type { IJob, JobStatus } from '../api';
import { nameOf, standing } from '../describe';
import type { Say } from '../texts';

/** Tells those who listen when a job has come into another state; cells and seconds would be too much talk. */
export function Announcer({ jobs, say }: { jobs: readonly IJob[]; say: Say }): JSX.Element {
  const known = React.useRef(new Map<string, JobStatus>());
  const [news, setNews] = React.useState('');
  React.useEffect(() => {
    const changed = jobs.filter(job => {
      const was = known.current.get(job.job_id);
      return was !== undefined && was !== job.status;
    });
    known.current = new Map(jobs.map(job => [job.job_id, job.status]));
    if (changed.length > 0) {
      setNews(changed.map(job => `${nameOf(job)}: ${standing(job, say)}`).join('. '));
    }
  }, [jobs, say]);
  return (
    <p className="lb-Hidden" role="status">
      {news}
    </p>
  );
}
