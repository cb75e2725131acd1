import type { CustomValidator, ErrorTransformer, RJSFSchema, UiSchema } from '@rjsf/utils';

import type { IBenchmark, IConfig, IParameter } from './api';
import type { Say } from './texts';

/** What a person has filled in. Parameters that are lists or objects are JSON text, files are one path a line. */
export interface IFormData {
  benchmark?: string;
  resource_class?: string;
  files?: string;
  parameters?: Record<string, unknown>;
}

/** What the form asks for. */
export interface IAsked {
  /** Null where the notebook has no cell of parameters. */
  parameters: readonly IParameter[] | null;
  benchmarks: readonly IBenchmark[];
  /** Whether files can go with it. */
  files: boolean;
}

const RESOURCE_CLASSES = ['small', 'medium'];
// JSON as text: a form for any list or object would be longer than the notebook.
const AS_JSON: ReadonlySet<string> = new Set(['list', 'object', 'any']);
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['text', 'boolean']);

/** Return the form for a notebook's parameters and what else a run takes. */
export function schemaOf(asked: IAsked, say: Say): RJSFSchema {
  const parameters = choosable(asked);
  const properties: RJSFSchema['properties'] = {};
  if (parameters.length > 0) {
    properties.parameters = {
      type: 'object',
      title: say('Parameters'),
      required: parameters.filter(one => !MAY_BE_EMPTY.has(one.kind)).map(one => one.name),
      properties: Object.fromEntries(parameters.map(one => [one.name, property(one)]))
    };
  }
  if (asked.benchmarks.length > 0) {
    properties.benchmark = {
      type: 'string',
      title: say('Benchmark'),
      oneOf: asked.benchmarks.map(one => ({ const: one.slug, title: one.title }))
    };
  }
  properties.resource_class = {
    type: 'string',
    title: say('Resource class'),
    description: say('How much time and memory the run gets.'),
    enum: RESOURCE_CLASSES
  };
  if (asked.files) {
    properties.files = { type: 'string', title: say('Extra files') };
  }
  const required = ['benchmark', 'resource_class'].filter(name => name in properties);
  return { type: 'object', required, properties };
}

function choosable(asked: IAsked): IParameter[] {
  return (asked.parameters ?? []).filter(one => !one.fixed);
}

function property(parameter: IParameter): RJSFSchema {
  const shared = { title: parameter.name, description: parameter.help || undefined };
  switch (parameter.kind) {
    case 'boolean':
    case 'integer':
    case 'number':
      return { ...shared, type: parameter.kind };
    case 'choice':
      return { ...shared, enum: parameter.choices as RJSFSchema['enum'] };
    default:
      return { ...shared, type: 'string' };
  }
}

/** Return how the form looks. */
export function uiOf(asked: IAsked): UiSchema {
  return {
    'ui:order': ['parameters', '*'],
    'ui:submitButtonOptions': { norender: true },
    parameters: Object.fromEntries(choosable(asked).map(one => [one.name, uiOfParameter(one)])),
    files: { 'ui:widget': 'files', 'ui:emptyValue': '' }
  };
}

function uiOfParameter(parameter: IParameter): UiSchema {
  switch (parameter.kind) {
    case 'boolean':
      return { 'ui:widget': 'switch' };
    case 'list':
    case 'object':
    case 'any':
      return { 'ui:options': { spellCheck: false }, 'ui:classNames': 'lb-mod-code' };
    default:
      // A text that was emptied is an empty text.
      return parameter.kind === 'text' ? { 'ui:emptyValue': '' } : {};
  }
}

/** Return what the form begins with: what is given, and the notebook's own values for the rest. */
export function initialData(asked: IAsked, given: IConfig): IFormData {
  const parameters = choosable(asked).map(one => {
    const value = given.parameters?.[one.name];
    return [one.name, shown(one, value === undefined ? one.default : value)];
  });
  return {
    benchmark: given.benchmark,
    resource_class: given.resource_class,
    ...(asked.files ? { files: '' } : {}),
    parameters: Object.fromEntries(parameters) as Record<string, unknown>
  };
}

function shown(parameter: IParameter, value: unknown): unknown {
  return AS_JSON.has(parameter.kind) ? JSON.stringify(value) : value;
}

/** Return what is sent for what was filled in; only parameters that differ from the notebook's are named. */
export function configFrom(data: IFormData, asked: IAsked): IConfig {
  const changed: Record<string, unknown> = {};
  for (const parameter of choosable(asked)) {
    const given = data.parameters?.[parameter.name];
    const value = AS_JSON.has(parameter.kind) ? parsed(given as string) : given;
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(parameter.default)) {
      changed[parameter.name] = value;
    }
  }
  return {
    ...(data.benchmark ? { benchmark: data.benchmark } : {}),
    ...(data.resource_class ? { resource_class: data.resource_class } : {}),
    ...(Object.keys(changed).length > 0 ? { parameters: changed } : {})
  };
}

/** Return the value of a JSON text, or undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Return the paths in the field of extra files. */
export function filesOf(data: IFormData): string[] {
  const lines = (data.files ?? '').split('\n').map(line => line.trim());
  return [...new Set(lines.filter(line => line !== ''))];
}

/** Return what checks the texts that stand for lists and objects. */
export function validatorOf(asked: IAsked, say: Say): CustomValidator<IFormData> {
  const written = choosable(asked).filter(one => AS_JSON.has(one.kind));
  return (data, errors) => {
    for (const { name, kind } of written) {
      const given = data?.parameters?.[name];
      const value = given === undefined ? undefined : parsed(given as string);
      if (given !== undefined && !fits(kind, value)) {
        errors.parameters?.[name]?.addError(value === undefined ? notJson(name, kind, say) : notFitting(kind, say));
      }
    }
    return errors;
  };
}

function fits(kind: IParameter['kind'], value: unknown): boolean {
  if (kind === 'list') {
    return Array.isArray(value);
  }
  return kind === 'object' ? typeof value === 'object' && value !== null && !Array.isArray(value) : value !== undefined;
}

function notJson(name: string, kind: IParameter['kind'], say: Say): string {
  const examples: Record<string, string> = { list: '[1, 2]', object: '{"a": 1}' };
  return say('{name} is not JSON, for example {example}.', { name, example: examples[kind] ?? '1, "text", null' });
}

function notFitting(kind: IParameter['kind'], say: Say): string {
  return kind === 'list' ? say('Give a list, for example [1, 2].') : say('Give an object, for example {"a": 1}.');
}

/** Return what says in the user's language what is wrong with a field. */
export function transformerOf(say: Say): ErrorTransformer<IFormData> {
  return errors =>
    errors.map(error => {
      const type = (error.params as { type?: unknown } | undefined)?.type;
      switch (error.name) {
        case 'required':
          return { ...error, message: say('Fill this in.') };
        case 'type':
          return { ...error, message: type === 'integer' ? say('Give a whole number.') : say('Give a number.') };
        default:
          return { ...error, message: say('Choose one of the list.') };
      }
    });
}

/** Return an error in the shape that the form shows at its field, or null where it is about none of its fields. */
export function errorAt(field: string | null, sentence: string, schema: RJSFSchema): object | null {
  if (field === null) {
    return null;
  }
  const path = field.split('.');
  let here: RJSFSchema | undefined = schema;
  for (const name of path) {
    here = here?.properties?.[name] as RJSFSchema | undefined;
  }
  return here === undefined
    ? null
    : path.reduceRight<object>((inner, name) => ({ [name]: inner }), { __errors: [sentence] });
}
