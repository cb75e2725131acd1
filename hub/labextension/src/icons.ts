import { LabIcon } from '@jupyterlab/ui-components';

import board from '../style/icons/board.svg';
import submit from '../style/icons/submit.svg';

export const boardIcon = new LabIcon({ name: 'leadersboard:board', svgstr: board });
export const submitIcon = new LabIcon({ name: 'leadersboard:submit', svgstr: submit });
