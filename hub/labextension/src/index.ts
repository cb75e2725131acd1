import { board } from './plugins/board';
import { core } from './plugins/core';
import { executed } from './plugins/executed';
import { launcher } from './plugins/launcher';
import { origin } from './plugins/origin';
import { panel } from './plugins/panel';
import { submit } from './plugins/submit';

export { ILeadersBoard } from './tokens';
export default [core, launcher, submit, panel, board, executed, origin];
