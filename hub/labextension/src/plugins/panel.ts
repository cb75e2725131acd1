import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';

import type { IJob, IResults } from '../api';
import type { IJobActions } from '../components/actions';
import { SubmissionsPanel } from '../components/Panel';
import { boardIcon } from '../icons';
import { CommandIDs, ILeadersBoard } from '../tokens';
import { again, againWith, goToCell } from './jobActions';

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
      execute: () => app.shell.activateById(PANEL)
    });
    palette?.addItem({ command: CommandIDs.panel, category: 'LeadersBoard' });
    board.jobs.ended.connect((_, job) => tell(app, board, job));
  }
};

function actionsOf(app: JupyterFrontEnd, board: ILeadersBoard, notebooks: INotebookTracker | null): IJobActions {
  const { client, say, jobs } = board;
  const onProblem = (problem: Error): void => {
    Notification.error(problem.message, { autoClose: 8000 });
  };
  const attempt = (what: Promise<unknown>): void => {
    what.then(jobs.ask).catch(onProblem);
  };
  return {
    client,
    say,
    onProblem,
    onCancel: job => attempt(client.cancel(job.job_id)),
    onExecuted: job => void app.commands.execute(CommandIDs.executed, executedArgs(job)),
    onCell: (job, cell) => attempt(goToCell(app, notebooks, job, cell)),
    onAgain: job => attempt(again(client, job)),
    onAgainWith: job => attempt(againWith(app, board, notebooks, job)),
    onBoard: job => void app.commands.execute(CommandIDs.board, { benchmark: job.benchmark, job: job.job_id }),
    mlflowLink: results => mlflowLink(board, results)
  };
}

export function executedArgs(job: IJob): { job: string; name: string } {
  return { job: job.job_id, name: job.entrypoint ?? 'executed.ipynb' };
}

/** Where MLflow shows a run: by the address for this Lab's users where there is one. */
function mlflowLink(board: ILeadersBoard, results: IResults | null): string | null {
  const link = results?.mlflow_ui_link ?? null;
  const own = board.jobs.environment?.mlflow_url ?? '';
  const place = link?.indexOf('#') ?? -1;
  const url = link !== null && own !== '' && place >= 0 ? own + link.slice(place) : link;
  return url !== null && /^(https?:\/\/|\/)/.test(url) ? url : null;
}

function tell(app: JupyterFrontEnd, board: ILeadersBoard, job: IJob): void {
  const { say } = board;
  if (!board.preferences.notifications) {
    return;
  }
  const name = job.entrypoint ?? job.job_id.slice(0, 8);
  const actions = [{ label: say('Show'), callback: () => void app.commands.execute(CommandIDs.panel) }];
  if (job.status === 'completed') {
    const score = job.score;
    const rank = score ? say('rank {rank} of {of}', { rank: score.rank, of: score.of }) : '';
    Notification.success(say('{name} has completed. {rank}', { name, rank }).trim(), { actions, autoClose: 10_000 });
  } else if (job.status === 'failed') {
    Notification.error(say('{name} has failed: {error}', { name, error: job.error ?? '' }), { actions, autoClose: false });
  } else {
    Notification.info(say('{name} is cancelled.', { name }), { actions, autoClose: 5000 });
  }
}
