import * as React from 'react';

import type { IResults } from '../api';
import type { Say } from '../texts';

/** The scored metrics with their intervals, and those of each category; what a run says of itself comes after. */
export function Metrics({ results, say }: { results: IResults; say: Say }): JSX.Element {
  const categories = Object.keys(results.by_category);
  const scored = Object.keys(results.metrics);
  const reported = Object.entries(results.reported_metrics);
  return (
    <>
      {scored.length > 0 && (
        <section aria-label={say('Scored')}>
          <h3>{say('Scored')}</h3>
          <div className="lb-Metrics" tabIndex={0} role="group" aria-label={say('Scored')}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{say('Metric')}</th>
                  <th scope="col">{say('All')}</th>
                  {categories.map(name => (
                    <th scope="col" key={name}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {scored.map(metric => (
                  <tr key={metric}>
                    <th scope="row">{metric}</th>
                    <td>
                      {results.metrics[metric].toFixed(3)}
                      <Interval bounds={results.intervals[metric]} say={say} />
                    </td>
                    {categories.map(name => (
                      <td key={name}>{results.by_category[name][metric]?.toFixed(3) ?? '–'}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {reported.length > 0 && (
        <section aria-label={say('Reported by the submission, not ranked')}>
          <h3>{say('Reported by the submission, not ranked')}</h3>
          <dl className="lb-Facts">
            {reported.map(([metric, value]) => (
              <React.Fragment key={metric}>
                <dt>{metric}</dt>
                <dd>{value.toFixed(3)}</dd>
              </React.Fragment>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}

function Interval(props: { bounds: [number, number] | undefined; say: Say }): JSX.Element | null {
  const { bounds, say } = props;
  return bounds === undefined ? null : (
    <span className="lb-Interval" title={say('95 % confidence interval')}>
      {bounds[0].toFixed(3)} – {bounds[1].toFixed(3)}
    </span>
  );
}
