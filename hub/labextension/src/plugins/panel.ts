import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';

import type { IJob } from '../api';
import { SubmissionsPanel } from '../components/Panel';
import { nameOf } from '../describe';
import { boardIcon } from '../icons';
import { CommandIDs, ILeadersBoard } from '../tokens';
import { actionsOf } from './jobActions';

const PANEL = 'leadersboard-submissions';

/** The user's submissions in the side bar, and word of those that end. */
export const panel: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-leadersboard:panel',
  description: 'Shows submissions to LeadersBoard as they go on.',
  autoStart: true,
  requires: [ILeadersBoard],
  optional: [INotebookTracker, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    board: ILeadersBoard,
    notebooks: INotebookTracker | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const { say } = board;
    const widget = new SubmissionsPanel(board.jobs, actionsOf(app, board, notebooks));
    widget.id = PANEL;
    widget.title.icon = boardIcon;
    widget.title.caption = say('Submissions');
    widget.node.setAttribute('role', 'region');
    widget.node.setAttribute('aria-label', say('Submissions'));
    app.shell.add(widget, 'left', { rank: 500 });
    restorer?.add(widget, PANEL);
    app.commands.addCommand(CommandIDs.panel, {
      label: say('Show Submissions'),
      caption: say('Your submissions to LeadersBoard, as they go on'),
      icon: boardIcon,
      execute: args => {
        app.shell.activateById(PANEL);
        if (typeof args.job === 'string') {
          widget.reveal(args.job);
        }
      }
    });
    palette?.addItem({ command: CommandIDs.panel, category: 'LeadersBoard' });
    board.jobs.ended.connect((_, job) => tell(app, board, job));
  }
};

function tell(app: JupyterFrontEnd, board: ILeadersBoard, job: IJob): void {
  const { say } = board;
  if (!board.preferences.notifications) {
    return;
  }
  const name = nameOf(job);
  const callback = (): void => void app.commands.execute(CommandIDs.panel, { job: job.job_id });
  const actions = [{ label: say('Show'), callback }];
  if (job.status === 'completed') {
    const score = job.score;
    const place = score && say('rank {rank} of {of}', { rank: score.rank, of: score.of });
    const told = place
      ? say('{name} has completed: {score}, {place}.', { name, score: score.value.toFixed(3), place })
      : say('{name} has completed.', { name });
    Notification.success(told, { actions, autoClose: 10_000 });
  } else if (job.status === 'failed') {
    Notification.error(say('{name} has failed: {error}', { name, error: job.error ?? '' }), {
      actions,
      autoClose: false
    });
  } else {
    Notification.info(say('{name} is cancelled.', { name }), { actions, autoClose: 5000 });
  }
}
