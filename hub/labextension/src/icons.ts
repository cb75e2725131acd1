import { LabIcon } from '@jupyterlab/ui-components';

import board from '../style/icons/board.svg';
import cancelled from '../style/icons/cancelled.svg';
import completed from '../style/icons/completed.svg';
import failed from '../style/icons/failed.svg';
import pending from '../style/icons/pending.svg';
import running from '../style/icons/running.svg';
import script from '../style/icons/script.svg';
import submit from '../style/icons/submit.svg';
import template from '../style/icons/template.svg';
import type { JobStatus } from './api';

export const boardIcon = new LabIcon({ name: 'leadersboard:board', svgstr: board });
export const submitIcon = new LabIcon({ name: 'leadersboard:submit', svgstr: submit });
export const templateIcon = new LabIcon({ name: 'leadersboard:template', svgstr: template });
export const scriptIcon = new LabIcon({ name: 'leadersboard:script', svgstr: script });

export const statusIcons: Readonly<Record<JobStatus, LabIcon>> = {
  pending: new LabIcon({ name: 'leadersboard:pending', svgstr: pending }),
  running: new LabIcon({ name: 'leadersboard:running', svgstr: running }),
  completed: new LabIcon({ name: 'leadersboard:completed', svgstr: completed }),
  failed: new LabIcon({ name: 'leadersboard:failed', svgstr: failed }),
  cancelled: new LabIcon({ name: 'leadersboard:cancelled', svgstr: cancelled })
};
