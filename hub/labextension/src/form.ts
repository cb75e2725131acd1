import type { RJSFSchema, UiSchema } from '@rjsf/utils';

import type { IBenchmark, IConfig, IParameter } from './api';
import type { Say } from './texts';

/** What a person has filled in. */
export interface IFormData {
  benchmark?: string;
  resource_class?: string;
  files?: string;
  parameters?: Record<string, unknown>;
}

const RESOURCE_CLASSES = ['small', 'medium'];
// JSON as text: a form for any list or object would be longer than the notebook.
const AS_JSON = new Set(['list', 'object', 'any']);

/** Return the form for a notebook's parameters and what else a run takes. */
export function schemaOf(parameters: readonly IParameter[] | null, benchmarks: readonly IBenchmark[], say: Say): RJSFSchema {
  const asked = (parameters ?? []).filter(parameter => !parameter.fixed);
  const properties: RJSFSchema['properties'] = {};
  if (asked.length > 0) {
    properties.parameters = {
      type: 'object',
      title: say('Parameters'),
      properties: Object.fromEntries(asked.map(parameter => [parameter.name, property(parameter)]))
    };
  }
  properties.benchmark = {
    type: 'string',
    title: say('Benchmark'),
    oneOf: benchmarks.map(one => ({ const: one.slug, title: one.title }))
  };
  properties.resource_class = {
    type: 'string',
    title: say('Resource class'),
    description: say('How much time and memory the run gets.'),
    enum: RESOURCE_CLASSES
  };
  properties.files = {
    type: 'string',
    title: say('Extra files'),
    description: say('Files that the notebook needs, one path a line, as the file browser shows them.')
  };
  return { type: 'object', properties };
}

function property(parameter: IParameter): RJSFSchema {
  const shared = { title: parameter.name, description: parameter.help || parameter.expected, default: initial(parameter) };
  switch (parameter.kind) {
    case 'boolean':
    case 'integer':
    case 'number':
      return { ...shared, type: parameter.kind } as RJSFSchema;
    case 'choice':
      return { ...shared, enum: parameter.choices } as RJSFSchema;
    default:
      return { ...shared, type: 'string' } as RJSFSchema;
  }
}

function initial(parameter: IParameter): unknown {
  return AS_JSON.has(parameter.kind) ? JSON.stringify(parameter.default) : parameter.default;
}

/** Return the title of the field that the form calls `id`, as `parameters_epochs`. */
export function titleOf(id: string, schema: RJSFSchema): string {
  const parameters = schema.properties?.parameters as RJSFSchema | undefined;
  const field = id.startsWith('parameters_') ? parameters?.properties?.[id.slice(11)] : schema.properties?.[id];
  return (field as RJSFSchema | undefined)?.title ?? id;
}

/** Return how the form looks. */
export function uiOf(): UiSchema {
  return {
    'ui:order': ['parameters', '*'],
    'ui:submitButtonOptions': { norender: true },
    files: { 'ui:widget': 'textarea', 'ui:options': { rows: 2 } }
  };
}

/** A parameter that was given as text and is not JSON. */
export class NotJson extends Error {
  constructor(readonly field: string) {
    super(field);
  }
}

/**
 * Return what is sent for what was filled in; only parameters that differ from their defaults are named.
 *
 * Throws NotJson where a list or an object cannot be read.
 */
export function configOf(data: IFormData, parameters: readonly IParameter[] | null): IConfig {
  const changed: Record<string, unknown> = {};
  for (const parameter of parameters ?? []) {
    const given = data.parameters?.[parameter.name];
    if (parameter.fixed || given === undefined || given === initial(parameter)) {
      continue;
    }
    changed[parameter.name] = AS_JSON.has(parameter.kind) ? parsed(parameter.name, String(given)) : given;
  }
  const config: IConfig = {};
  if (data.benchmark) {
    config.benchmark = data.benchmark;
  }
  if (data.resource_class) {
    config.resource_class = data.resource_class;
  }
  return Object.keys(changed).length > 0 ? { ...config, parameters: changed } : config;
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotJson(`parameters.${name}`);
  }
}

/** Return the paths in the field of extra files. */
export function filesOf(data: IFormData): string[] {
  return (data.files ?? '').split('\n').map(line => line.trim()).filter(line => line !== '');
}

/** Return an error in the shape that the form shows at its field, or null where it is about none of its fields. */
export function errorAt(field: string | null, sentence: string, schema: RJSFSchema): object | null {
  const path = (field ?? '').split('.');
  let here: RJSFSchema | undefined = schema;
  for (const name of path) {
    here = here?.properties?.[name] as RJSFSchema | undefined;
  }
  if (field === null || here === undefined) {
    return null;
  }
  return path.reduceRight<object>((inner, name) => ({ [name]: inner }), { __errors: [sentence] });
}
