import { ariaDescribedByIds } from '@rjsf/utils';
import type { WidgetProps } from '@rjsf/utils';
import * as React from 'react';

import type { IFormData } from '../form';

/** Yes or no. */
export function SwitchWidget(props: WidgetProps<IFormData>): JSX.Element {
  const { id, onChange } = props;
  return (
    <input
      type="checkbox"
      role="switch"
      className="lb-Switch"
      id={id}
      checked={props.value === true}
      aria-describedby={ariaDescribedByIds<IFormData>(id)}
      onChange={event => onChange(event.target.checked)}
    />
  );
}
