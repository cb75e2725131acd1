import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser, IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';

import { DRIVE, executedPath } from '../executed';
import { CommandIDs, ILeadersBoard } from '../tokens';

// Nothing in them is run again.
const NO_KERNEL = { shouldStart: false, canStart: false, autoStartDefault: false };

/** Executed notebooks, to read. */
export const executed: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-leadersboard:executed',
  description: 'Opens executed notebooks of LeadersBoard.',
  autoStart: true,
  requires: [ILeadersBoard],
  // Lab's own browser comes first, so that it is the one that commands are for.
  optional: [IDocumentManager, INotebookTracker, IFileBrowserFactory, IDefaultFileBrowser],
  activate: (
    app: JupyterFrontEnd,
    board: ILeadersBoard,
    manager: IDocumentManager | null,
    notebooks: INotebookTracker | null,
    browsers: IFileBrowserFactory | null
  ) => {
    // The address of Lab names the document on screen, and Lab looks for it through a browser of its drive. Nobody sees it.
    browsers?.createFileBrowser('leadersboard-executed', { driveName: DRIVE, auto: false, state: null });
    app.commands.addCommand(CommandIDs.executed, {
      label: board.say('Executed notebook'),
      isEnabled: () => manager !== null,
      execute: async args => {
        if (manager !== null && typeof args.job === 'string' && typeof args.name === 'string') {
          // Asked for first, so that what is wrong is said in our words and no empty tab opens.
          await board.client.executed(args.job);
          await open(manager, executedPath(args.job, args.name));
        }
      }
    });
    // Lab opens them by itself, too, when it comes back as it was left.
    notebooks?.widgetAdded.connect((_, panel) => {
      if (panel.context.path.startsWith(`${DRIVE}:`)) {
        void lock(panel);
      }
    });
  }
};

async function open(manager: IDocumentManager, path: string): Promise<void> {
  const isOpen = manager.findWidget(path, 'Notebook') !== undefined;
  const widget = manager.openOrReveal(path, 'Notebook', undefined, undefined, NO_KERNEL);
  await widget?.context.ready;
  if (isOpen) {
    // A job that goes on has more to show by now.
    await widget?.context.revert();
  }
}

/** Keep an executed notebook from being run or written into; Lab would allow what cannot be saved. */
async function lock(panel: NotebookPanel): Promise<void> {
  const { sessionContext } = panel.context;
  sessionContext.kernelPreference = { ...sessionContext.kernelPreference, ...NO_KERNEL };
  await panel.context.ready;
  const { code, markdown, raw } = panel.content.editorConfig;
  const readOnly = { readOnly: true };
  panel.content.editorConfig = {
    code: { ...code, ...readOnly },
    markdown: { ...markdown, ...readOnly },
    raw: { ...raw, ...readOnly }
  };
}
