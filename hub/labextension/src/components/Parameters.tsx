import * as React from 'react';

import type { IJob } from '../api';
import { megabytes } from '../describe';
import type { Say } from '../texts';

/** What a run was asked for with, and what it took. */
export function Parameters({ job, say }: { job: IJob; say: Say }): JSX.Element {
  const asked: [string, string][] = [
    [say('Benchmark'), job.benchmark ?? '–'],
    [say('Resource class'), job.resource_class],
    ...Object.entries(job.parameters).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
    ...(job.peak_memory_bytes === null
      ? []
      : [[say('Peak memory'), megabytes(job.peak_memory_bytes)] as [string, string]])
  ];
  return (
    <dl className="lb-Facts">
      {asked.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
