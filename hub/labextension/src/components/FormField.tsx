import type { FieldTemplateProps } from '@rjsf/utils';
import * as React from 'react';

import type { IFormData } from '../form';

/** A field with its name, its help and what is wrong with it, tied together for those who listen. */
export function FormField(props: FieldTemplateProps<IFormData>): JSX.Element {
  const { id, label, schema, rawErrors, children, classNames } = props;
  if (schema.type === 'object') {
    return children;
  }
  const wrong = rawErrors !== undefined && rawErrors.length > 0;
  return (
    <div className={`lb-Field ${classNames ?? ''} ${wrong ? 'lb-mod-wrong' : ''}`}>
      <label htmlFor={id}>{label}</label>
      <div className="lb-Field-body">
        {children}
        {schema.description && (
          <p className="lb-Quiet" id={`${id}__description`}>
            {schema.description}
          </p>
        )}
        {wrong && (
          <p className="lb-Field-problem" id={`${id}__error`} role="alert">
            {[...new Set(rawErrors)].join(' ')}
          </p>
        )}
      </div>
    </div>
  );
}
