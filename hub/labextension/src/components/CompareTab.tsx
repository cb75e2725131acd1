import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IComparison } from '../api';
import type { Say } from '../texts';

const SIGNS = { same: ' ', added: '+', removed: '−' };

/** What the kinds of cells are called. */
export const CELLS = {
  changed: 'Changed cell',
  added: 'Only in the template',
  removed: 'Only in your notebook'
} as const;

/** What today's template has that a notebook has not, and the other way round. */
export class CompareTab extends ReactWidget {
  constructor(
    private readonly comparison: IComparison,
    private readonly say: Say
  ) {
    super();
    this.addClass('lb-Tab');
  }

  render(): JSX.Element {
    const { say } = this;
    const { title, cells } = this.comparison;
    const different = cells.some(cell => cell.kind !== 'same');
    return (
      <>
        <h2>{title}</h2>
        <p className="lb-Quiet">
          {say('Lines with − are in your notebook, lines with + in the template as it is today.')}
        </p>
        {!different && <p>{say('There is no difference.')}</p>}
        {cells.map(
          (cell, index) =>
            cell.kind !== 'same' && (
              <section key={index} className="lb-Diff">
                <h3>{say(CELLS[cell.kind])}</h3>
                <pre className="lb-Text" tabIndex={0}>
                  {cell.rows.map((row, line) => (
                    <span key={line} className={`lb-Diff-row lb-mod-${row.kind}`}>
                      {`${SIGNS[row.kind]} ${row.text}\n`}
                    </span>
                  ))}
                </pre>
              </section>
            )
        )}
      </>
    );
  }
}
