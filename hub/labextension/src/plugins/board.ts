import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IFrame, MainAreaWidget } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';

import type { IBenchmark } from '../api';
import { BoardTab } from '../components/BoardTab';
import { boardIcon } from '../icons';
import { CommandIDs, ILeadersBoard } from '../tokens';
import { tellProblem } from './problems';

/** Boards, each in a tab of Lab. */
export const board: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-leadersboard:board',
  description: 'Shows boards of LeadersBoard.',
  autoStart: true,
  requires: [ILeadersBoard],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, leadersBoard: ILeadersBoard, palette: ICommandPalette | null) => {
    const { client, say } = leadersBoard;
    app.commands.addCommand(CommandIDs.board, {
      label: args => (typeof args.title === 'string' ? args.title : say('Open the Board')),
      caption: args => (typeof args.caption === 'string' ? args.caption : ''),
      icon: boardIcon,
      execute: async args => {
        try {
          const benchmarks = await client.benchmarks();
          const wanted = benchmarks.find(one => one.slug === args.benchmark) ?? benchmarks[0];
          if (wanted !== undefined) {
            await open(app, leadersBoard, wanted);
          }
        } catch (problem) {
          tellProblem(problem);
        }
      }
    });
    palette?.addItem({ command: CommandIDs.board, category: 'LeadersBoard' });
  }
};

async function open(app: JupyterFrontEnd, leadersBoard: ILeadersBoard, benchmark: IBenchmark): Promise<void> {
  const id = `leadersboard-board-${benchmark.slug}`;
  const there = [...app.shell.widgets('main')].find(widget => widget.id === id);
  if (there === undefined) {
    const content = await contentOf(leadersBoard, benchmark);
    const widget = new MainAreaWidget<Widget>({ content });
    widget.id = id;
    widget.title.label = leadersBoard.say('Board: {title}', { title: benchmark.title });
    widget.title.caption = widget.title.label;
    widget.title.icon = boardIcon;
    widget.title.closable = true;
    app.shell.add(widget, 'main');
  } else if (there instanceof MainAreaWidget && there.content instanceof BoardTab) {
    there.content.refreshNow();
  }
  app.shell.activateById(id);
}

/** The dashboard where there is one, else a table of Lab's own. */
async function contentOf(leadersBoard: ILeadersBoard, benchmark: IBenchmark): Promise<Widget> {
  const { client, say } = leadersBoard;
  const { board_url: address, user_id: user } = await client.environment();
  if (address === '') {
    return new BoardTab(benchmark, client, user, say);
  }
  const frame = new IFrame({
    sandbox: ['allow-scripts', 'allow-same-origin', 'allow-forms', 'allow-downloads', 'allow-popups']
  });
  frame.url = address + encodeURIComponent(benchmark.slug);
  frame.node.querySelector('iframe')?.setAttribute('title', benchmark.title);
  return frame;
}
