import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget, Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';

import { CompareTab } from '../components/CompareTab';
import { boardIcon } from '../icons';
import { CommandIDs, ILeadersBoard } from '../tokens';
import { tellProblem } from './problems';

/** Tells where a notebook's template has changed since, and shows in what. */
export const origin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-leadersboard:origin',
  description: 'Compares notebooks with the templates of LeadersBoard that they came from.',
  autoStart: true,
  requires: [ILeadersBoard],
  optional: [INotebookTracker],
  activate: (app: JupyterFrontEnd, board: ILeadersBoard, notebooks: INotebookTracker | null) => {
    const { client, say } = board;
    app.commands.addCommand(CommandIDs.compare, {
      label: say('Compare with the Template'),
      execute: async args => {
        const path = typeof args.path === 'string' ? args.path : '';
        try {
          const content = new CompareTab(await client.compare(path), say);
          const widget = new MainAreaWidget<Widget>({ content });
          widget.title.label = say('Template: {name}', { name: path.split('/').pop() ?? '' });
          widget.title.icon = boardIcon;
          widget.title.closable = true;
          app.shell.add(widget, 'main', { mode: 'split-right' });
          app.shell.activateById(widget.id);
        } catch (problem) {
          tellProblem(problem);
        }
      }
    });
    notebooks?.widgetAdded.connect((_, panel) => void tellOfChange(app, board, panel));
  }
};

/** Say so, once for each opening, where a notebook's template is another today. */
async function tellOfChange(app: JupyterFrontEnd, board: ILeadersBoard, panel: NotebookPanel): Promise<void> {
  const { client, say } = board;
  await panel.context.ready;
  if (panel.isDisposed || panel.context.contentsModel?.writable === false || !isFromTemplate(panel)) {
    return;
  }
  try {
    const path = panel.context.localPath;
    const found = await client.origin(path);
    if (found?.changed) {
      const message = say('The template {title} has changed since this notebook was started.', { title: found.title });
      const callback = (): void => void app.commands.execute(CommandIDs.compare, { path });
      Notification.info(message, { autoClose: false, actions: [{ label: say('Compare'), callback }] });
    }
  } catch (problem) {
    // Whoever only writes has no need of LeadersBoard; the panel says that it cannot be reached.
    console.debug('LeadersBoard could not say where this notebook comes from.', problem);
  }
}

function isFromTemplate(panel: NotebookPanel): boolean {
  return panel.model?.getMetadata('leadersboard') !== undefined;
}
