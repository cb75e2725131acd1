import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';

import { askAndSubmit } from '../components/SubmitForm';
import { SubmitButton } from '../components/SubmitButton';
import type { IFormData } from '../form';
import { submitIcon } from '../icons';
import type { IChoice } from '../submitter';
import { CommandIDs, ILeadersBoard } from '../tokens';

/** Submits the notebook on screen: at once, or by a form made from its parameters. */
export const submit: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-leadersboard:submit',
  description: 'Submits notebooks to LeadersBoard.',
  autoStart: true,
  requires: [ILeadersBoard],
  optional: [INotebookTracker, IToolbarWidgetRegistry, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    board: ILeadersBoard,
    notebooks: INotebookTracker | null,
    toolbars: IToolbarWidgetRegistry | null,
    palette: ICommandPalette | null
  ) => {
    if (notebooks === null) {
      return;
    }
    addCommands(app.commands, board, notebooks);
    toolbars?.addFactory<Widget>('Notebook', 'leadersboard-submit', widget =>
      new SubmitButton(widget as NotebookPanel, board, app.commands)
    );
    for (const command of [CommandIDs.submit, CommandIDs.submitWith]) {
      palette?.addItem({ command, category: 'LeadersBoard' });
    }
  }
};

function addCommands(commands: CommandRegistry, board: ILeadersBoard, notebooks: INotebookTracker): void {
  const { say, submitter } = board;
  const current = (): NotebookPanel | null => {
    const panel = notebooks.currentWidget;
    return panel !== null && isOwn(panel) ? panel : null;
  };
  const isEnabled = (): boolean => {
    const panel = current();
    return panel !== null && !submitter.isBusy(panel.context.path);
  };
  commands.addCommand(CommandIDs.submit, {
    label: say('Submit'),
    caption: say('Save this notebook and submit it as it is'),
    icon: submitIcon,
    isEnabled,
    execute: async () => {
      const panel = current();
      if (panel !== null) {
        await submitNow(panel, board, commands, {});
      }
    }
  });
  commands.addCommand(CommandIDs.submitWith, {
    label: say('Submit With …'),
    caption: say('Choose parameters, benchmark and resource class, and submit'),
    isEnabled,
    execute: async args => {
      const panel = current();
      if (panel !== null) {
        await submitWith(panel, board, commands, (args.initial ?? {}) as IFormData);
      }
    }
  });
  submitter.changed.connect(() => commands.notifyCommandChanged(CommandIDs.submit));
  notebooks.currentChanged.connect(() => commands.notifyCommandChanged(CommandIDs.submit));
}

/** Executed notebooks are the platform's; they are looked at, not submitted. */
function isOwn(panel: NotebookPanel): boolean {
  return panel.context.contentsModel?.writable !== false;
}

async function submitNow(
  panel: NotebookPanel,
  board: ILeadersBoard,
  commands: CommandRegistry,
  config: IChoice['config']
): Promise<void> {
  const { say } = board;
  const preferred = board.preferences.resourceClass;
  const chosen = preferred === '' ? config : { resource_class: preferred, ...config };
  try {
    await send(panel, board, commands, { config: chosen, files: [] });
  } catch (problem) {
    Notification.error((problem as Error).message, {
      autoClose: false,
      actions: [{ label: say('Open the form'), callback: () => void commands.execute(CommandIDs.submitWith) }]
    });
  }
}

async function submitWith(
  panel: NotebookPanel,
  board: ILeadersBoard,
  commands: CommandRegistry,
  initial: IFormData
): Promise<void> {
  const { client, say } = board;
  try {
    await panel.context.ready;
    await panel.context.save();
    const path = panel.context.localPath;
    const [inspection, benchmarks, quota] = await Promise.all([
      client.inspect(path),
      client.benchmarks(),
      client.quota()
    ]);
    const benchmark = inspection.benchmark ?? benchmarks[0]?.slug;
    const preferred = board.preferences.resourceClass;
    const known = benchmarks.find(one => one.slug === benchmark)?.default_resource_class;
    const data = { benchmark, resource_class: preferred || known || 'small', ...initial };
    const title = say('Submit {name}', { name: panel.title.label });
    const facts = { title, inspection, benchmarks, quota, initial: data };
    await askAndSubmit(facts, choice => send(panel, board, commands, choice), say);
  } catch (problem) {
    Notification.error((problem as Error).message, { autoClose: false });
  }
}

/** Submit, and show the job where the user looks for it. */
async function send(
  panel: NotebookPanel,
  board: ILeadersBoard,
  commands: CommandRegistry,
  choice: IChoice
): Promise<void> {
  await board.submitter.submit(panel, choice);
  board.jobs.ask();
  await commands.execute(CommandIDs.panel);
}
