import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { Notification } from '@jupyterlab/apputils';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';

import { Refused } from '../client';
import { askAndSubmit } from '../components/formDialog';
import { SubmitButton } from '../components/SubmitButton';
import { submitIcon } from '../icons';
import type { IChoice } from '../submitter';
import { CommandIDs, ILeadersBoard } from '../tokens';
import { isToldByLab, tellProblem } from './problems';

// More than that is not looked through with a mouse.
const MOST_BESIDE = 100;

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
    addCommands(app, board, notebooks);
    toolbars?.addFactory<Widget>(
      'Notebook',
      'leadersboard-submit',
      widget => new SubmitButton(widget as NotebookPanel, board, app.commands)
    );
    for (const command of [CommandIDs.submit, CommandIDs.submitWith]) {
      palette?.addItem({ command, category: 'LeadersBoard' });
    }
  }
};

function addCommands(app: JupyterFrontEnd, board: ILeadersBoard, notebooks: INotebookTracker): void {
  const { commands } = app;
  const { say, submitter } = board;
  // Executed notebooks are the platform's; they are looked at, not submitted.
  const current = (): NotebookPanel | null => {
    const panel = notebooks.currentWidget;
    return panel?.context.contentsModel?.writable === false ? null : panel;
  };
  const isEnabled = (): boolean => {
    const panel = current();
    return panel !== null && !submitter.isBusy(panel.context.path);
  };
  const onCurrent = async (act: (panel: NotebookPanel) => Promise<void>): Promise<void> => {
    const panel = current();
    if (panel !== null) {
      await act(panel);
    }
  };
  commands.addCommand(CommandIDs.submit, {
    label: say('Submit'),
    caption: say('Save this notebook and submit it as it is'),
    icon: submitIcon,
    isEnabled,
    execute: () => onCurrent(panel => submitNow(panel, board, commands))
  });
  commands.addCommand(CommandIDs.submitWith, {
    label: say('Submit With …'),
    caption: say('Choose parameters, benchmark and resource class, and submit'),
    isEnabled,
    execute: () => onCurrent(panel => submitWith(panel, board, app))
  });
  const notify = (): void =>
    [CommandIDs.submit, CommandIDs.submitWith].forEach(id => commands.notifyCommandChanged(id));
  submitter.changed.connect(notify);
  notebooks.currentChanged.connect(notify);
}

async function submitNow(panel: NotebookPanel, board: ILeadersBoard, commands: CommandRegistry): Promise<void> {
  const preferred = board.preferences.resourceClass;
  try {
    await send(panel, board, commands, { config: preferred === '' ? {} : { resource_class: preferred }, files: [] });
  } catch (problem) {
    tellWhyNot(problem, board, commands);
  }
}

/** Say why nothing was submitted, and lead to where that can be mended. */
function tellWhyNot(problem: unknown, board: ILeadersBoard, commands: CommandRegistry): void {
  const { say } = board;
  const lead = (label: string, command: string): Notification.IAction => ({
    label,
    callback: () => void commands.execute(command)
  });
  if (problem instanceof Refused && problem.isUnreachable) {
    const message = say('LeadersBoard cannot be reached. Submit again in a moment; it will be submitted once.');
    tellProblem(new Error(message), [lead(say('Submit again'), CommandIDs.submit)]);
  } else if (!isToldByLab(problem)) {
    tellProblem(problem, [lead(say('Open the form'), CommandIDs.submitWith)]);
  }
}

async function submitWith(panel: NotebookPanel, board: ILeadersBoard, app: JupyterFrontEnd): Promise<void> {
  const { client, say, preferences } = board;
  const { contents } = app.serviceManager;
  try {
    await panel.context.ready;
    await panel.context.save();
    const path = contents.localPath(panel.context.path);
    const [inspection, benchmarks, quota, beside] = await Promise.all([
      client.inspect(path),
      client.benchmarks(),
      client.quota(),
      filesBeside(contents, panel.context.path)
    ]);
    const benchmark = inspection.benchmark ?? benchmarks[0]?.slug;
    const usual = benchmarks.find(one => one.slug === benchmark)?.default_resource_class;
    const facts = {
      asked: { parameters: inspection.parameters, benchmarks, files: true },
      given: { benchmark, resource_class: preferences.resourceClass || usual || 'small' },
      beside,
      quota,
      submit: (choice: IChoice) => send(panel, board, app.commands, choice)
    };
    await askAndSubmit(say('Submit {name}', { name: panel.title.label }), facts, tellProblem, say);
  } catch (problem) {
    if (!isToldByLab(problem)) {
      tellProblem(problem);
    }
  }
}

/** The paths of the files in a notebook's folder, without the notebook. */
async function filesBeside(contents: Contents.IManager, path: string): Promise<string[]> {
  const folder = await contents.get(PathExt.dirname(path));
  const own = contents.localPath(path);
  return (folder.content as Contents.IModel[])
    .filter(one => one.type !== 'directory')
    .map(one => contents.localPath(one.path))
    .filter(one => one !== own)
    .sort()
    .slice(0, MOST_BESIDE);
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
