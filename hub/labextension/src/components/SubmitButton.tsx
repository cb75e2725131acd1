import { ReactWidget } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { caretDownIcon, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { submitIcon } from '../icons';
import type { ILeadersBoard } from '../tokens';
import { CommandIDs } from '../tokens';

/** The button in a notebook's toolbar, and the arrow beside it that opens the form. */
export class SubmitButton extends ReactWidget {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly board: Pick<ILeadersBoard, 'submitter' | 'say'>,
    private readonly commands: CommandRegistry
  ) {
    super();
    this.addClass('lb-Submit');
    // Whether the notebook may be written is known once it has been read.
    void panel.context.ready.then(() => this.update());
  }

  render(): JSX.Element | null {
    const { submitter, say } = this.board;
    if (this.panel.context.contentsModel?.writable === false) {
      return null;
    }
    return (
      <UseSignal signal={submitter.changed}>
        {() => {
          const busy = submitter.isBusy(this.panel.context.path);
          return (
            <div role="group" aria-label="LeadersBoard" className="lb-Submit-group">
              <button
                type="button"
                className="lb-Submit-button"
                aria-busy={busy}
                disabled={busy}
                title={say('Save this notebook and submit it as it is')}
                onClick={() => this.run(CommandIDs.submit)}
              >
                <submitIcon.react tag="span" elementSize="normal" />
                <span>{busy ? say('Submitting …') : say('Submit')}</span>
              </button>
              <button
                type="button"
                className="lb-Submit-arrow"
                disabled={busy}
                aria-label={say('Submit With …')}
                aria-haspopup="dialog"
                title={say('Choose parameters, benchmark and resource class, and submit')}
                onClick={() => this.run(CommandIDs.submitWith)}
              >
                <caretDownIcon.react tag="span" elementSize="normal" />
              </button>
            </div>
          );
        }}
      </UseSignal>
    );
  }

  private run(command: string): void {
    void this.commands.execute(command);
  }
}
