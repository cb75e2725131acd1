import * as React from 'react';

import type { IResults } from '../api';
import type { Say } from '../texts';

/** The scored metrics with their intervals, and those of each category; what a run says of itself comes after. */
export function Metrics({ results, say }: { results: IResults; say: Say }): JSX.Element {
  const categories = Object.keys(results.by_category);
  const scored = Object.keys(results.metrics);
  const reported = Object.entries(results.reported_metrics);
  return (
    <div className="lb-Metrics">
      {scored.length > 0 && (
        <table>
          <caption>{say('Scored')}</caption>
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
                <td title={bounds(results.intervals[metric])}>{results.metrics[metric].toFixed(3)}</td>
                {categories.map(name => (
                  <td key={name}>{results.by_category[name][metric]?.toFixed(3) ?? '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {reported.length > 0 && (
        <table>
          <caption>{say('Reported by the submission, not ranked')}</caption>
          <tbody>
            {reported.map(([metric, value]) => (
              <tr key={metric}>
                <th scope="row">{metric}</th>
                <td>{value.toFixed(3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function bounds(interval: [number, number] | undefined): string | undefined {
  return interval && `95 %: ${interval[0].toFixed(3)} – ${interval[1].toFixed(3)}`;
}
