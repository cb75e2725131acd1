import type { WidgetProps } from '@rjsf/utils';
import * as React from 'react';

import type { IFormData } from '../form';
import type { Say } from '../texts';

/** What the form knows beside its fields. */
export interface IFormContext {
  /** Paths of the files that lie beside the notebook. */
  beside: readonly string[];
  say: Say;
}

/** Files to send along: those beside the notebook to tick, others by their paths. */
export function FilesWidget(props: WidgetProps<IFormData>): JSX.Element {
  const { id, onChange } = props;
  const { beside, say } = props.formContext as IFormContext;
  const lines = String(props.value ?? '').split('\n');
  const ticked = lines.filter(line => beside.includes(line));
  const others = lines.filter(line => !beside.includes(line));
  const toggle = (path: string, on: boolean): void => {
    const kept = ticked.filter(one => one !== path);
    onChange([...kept, ...(on ? [path] : []), ...others].join('\n'));
  };
  return (
    <>
      {beside.length > 0 && (
        <ul className="lb-Files" aria-label={say('Files beside the notebook')}>
          {beside.map(path => (
            <li key={path}>
              <label>
                <input
                  type="checkbox"
                  checked={ticked.includes(path)}
                  onChange={event => toggle(path, event.target.checked)}
                />
                {path.split('/').pop()}
              </label>
            </li>
          ))}
        </ul>
      )}
      <textarea
        id={id}
        rows={2}
        spellCheck={false}
        value={others.join('\n')}
        placeholder={say('Other files, one path a line')}
        onChange={event => onChange([...ticked, event.target.value].join('\n'))}
      />
    </>
  );
}
