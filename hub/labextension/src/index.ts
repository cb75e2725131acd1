import { core } from './plugins/core';
import { documents } from './plugins/documents';
import { launcher } from './plugins/launcher';
import { panel } from './plugins/panel';
import { submit } from './plugins/submit';

export { ILeadersBoard } from './tokens';
export default [core, launcher, submit, panel, documents];
