import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IFrame, MainAreaWidget, Notification } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';

import type { IEnvironment } from '../api';
import { BoardTab } from '../components/BoardTab';
import { CompareTab } from '../components/CompareTab';
import { executedPath } from '../executed';
import { boardIcon } from '../icons';
import { CommandIDs, ILeadersBoard } from '../tokens';

/** Boards, executed notebooks and comparisons with a template, each in a tab. */
export const documents: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-leadersboard:documents',
  description: 'Opens boards and executed notebooks of LeadersBoard.',
  autoStart: true,
  requires: [ILeadersBoard],
  optional: [IDocumentManager, INotebookTracker, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    board: ILeadersBoard,
    manager: IDocumentManager | null,
    notebooks: INotebookTracker | null,
    palette: ICommandPalette | null
  ) => {
    addBoard(app, board);
    addComparison(app, board);
    addExecuted(app, board, manager);
    palette?.addItem({ command: CommandIDs.board, category: 'LeadersBoard' });
    notebooks?.widgetAdded.connect((_, panel) => void tellOfChange(app, board, panel));
  }
};

function addBoard(app: JupyterFrontEnd, board: ILeadersBoard): void {
  const { client, say } = board;
  const open = new Map<string, MainAreaWidget>();
  app.commands.addCommand(CommandIDs.board, {
    label: args => String(args.title ?? say('Open the Board')),
    caption: args => String(args.caption ?? ''),
    icon: boardIcon,
    execute: async args => {
      const slug = String(args.benchmark ?? (await client.benchmarks())[0]?.slug ?? '');
      let widget = open.get(slug);
      if (widget === undefined || widget.isDisposed) {
        const environment = await client.environment();
        widget = new MainAreaWidget<Widget>({ content: boardContent(slug, environment, board) });
        widget.id = `leadersboard-board-${slug}`;
        widget.title.label = slug;
        widget.title.icon = boardIcon;
        widget.title.closable = true;
        open.set(slug, widget);
        app.shell.add(widget, 'main');
      }
      app.shell.activateById(widget.id);
    }
  });
}

/** The dashboard where there is one, else a table of Lab's own. */
function boardContent(slug: string, environment: IEnvironment, board: ILeadersBoard): Widget {
  if (environment.board_url === '') {
    return new BoardTab(slug, board.client, environment.user_id, board.say);
  }
  const frame = new IFrame({ sandbox: ['allow-scripts', 'allow-same-origin', 'allow-forms', 'allow-downloads'] });
  frame.url = `${environment.board_url}?benchmark=${encodeURIComponent(slug)}`;
  return frame;
}

function addExecuted(app: JupyterFrontEnd, board: ILeadersBoard, manager: IDocumentManager | null): void {
  app.commands.addCommand(CommandIDs.executed, {
    label: board.say('Executed notebook'),
    execute: async args => {
      const path = executedPath(String(args.job), String(args.name));
      // Nothing in it is run again: it shows what was.
      const widget = manager?.openOrReveal(path, 'Notebook', undefined, undefined, {
        shouldStart: false,
        canStart: false,
        autoStartDefault: false
      });
      await widget?.context.ready;
    }
  });
}

function addComparison(app: JupyterFrontEnd, board: ILeadersBoard): void {
  const { client, say } = board;
  app.commands.addCommand(CommandIDs.compare, {
    label: say('Compare with the Template'),
    execute: async args => {
      const path = String(args.path);
      const content = new CompareTab(await client.compare(path), say);
      const widget = new MainAreaWidget<Widget>({ content });
      widget.title.label = say('Template: {name}', { name: path.split('/').pop() ?? '' });
      widget.title.closable = true;
      app.shell.add(widget, 'main', { mode: 'split-right' });
      app.shell.activateById(widget.id);
    }
  });
}

/** Say so, once for each opening, where a notebook's template is another today. */
async function tellOfChange(app: JupyterFrontEnd, board: ILeadersBoard, panel: NotebookPanel): Promise<void> {
  const { client, say } = board;
  await panel.context.ready;
  if (panel.context.contentsModel?.writable === false) {
    return;
  }
  try {
    const path = panel.context.localPath;
    const origin = await client.origin(path);
    if (origin?.changed) {
      Notification.info(say('The template {title} has changed since this notebook was started.', { title: origin.title }), {
        autoClose: false,
        actions: [
          { label: say('Compare'), callback: () => void app.commands.execute(CommandIDs.compare, { path }) }
        ]
      });
    }
  } catch (problem) {
    // Whoever only writes has no need of LeadersBoard; the panel says that it cannot be reached.
    console.debug('LeadersBoard could not say where this notebook comes from.', problem);
  }
}
