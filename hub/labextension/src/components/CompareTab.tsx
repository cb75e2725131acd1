import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IComparison } from '../api';
import type { Say } from '../texts';

const SIGNS = { same: ' ', added: '+', removed: '−' };

/** What today's template has that a notebook has not, and the other way round. */
export class CompareTab extends ReactWidget {
  constructor(
    private readonly comparison: IComparison,
    private readonly say: Say
  ) {
    super();
    this.addClass('lb-CompareTab');
  }

  render(): JSX.Element {
    const { title, cells } = this.comparison;
    const changed = cells.filter(cell => cell.kind !== 'same');
    return (
      <div>
        <h2>{title}</h2>
        <p className="lb-Quiet">
          {this.say('Lines with − are in your notebook, lines with + in the template as it is today.')}
        </p>
        {changed.length === 0 && <p>{this.say('There is no difference.')}</p>}
        {changed.map((cell, index) => (
          <pre key={index} className={`lb-Diff lb-mod-${cell.kind}`} tabIndex={0}>
            {cell.rows.map((row, line) => (
              <span key={line} className={`lb-Diff-${row.kind}`}>
                {`${SIGNS[row.kind]} ${row.text}\n`}
              </span>
            ))}
          </pre>
        ))}
      </div>
    );
  }
}
