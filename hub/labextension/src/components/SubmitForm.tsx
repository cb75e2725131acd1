import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { FormComponent } from '@jupyterlab/ui-components';
import type { FormProps } from '@rjsf/core';
import type { RJSFSchema } from '@rjsf/utils';
import validatorAjv8 from '@rjsf/validator-ajv8';
import * as React from 'react';

import type { IBenchmark, IInspection, IQuota } from '../api';
import { Refused } from '../client';
import { duration } from '../describe';
import { configOf, errorAt, filesOf, IFormData, NotJson, schemaOf, titleOf, uiOf } from '../form';
import type { IChoice } from '../submitter';
import type { Say } from '../texts';

const PREFIX = 'lb-form';

// Lab's own form takes any JSON object; ours has the fields that it asks for.
const Form = FormComponent as unknown as React.FunctionComponent<FormProps<IFormData>>;

/** What the form is made from. */
export interface IFormFacts {
  title: string;
  inspection: IInspection;
  benchmarks: IBenchmark[];
  quota: IQuota;
  initial: IFormData;
}

/** A form for one submission. `submit` rejects with what is wrong, and the form says it at its field. */
export async function askAndSubmit(
  facts: IFormFacts,
  submit: (choice: IChoice) => Promise<void>,
  say: Say
): Promise<void> {
  const body = new FormBody(facts, submit, say);
  const dialog = new Dialog<null>({
    title: facts.title,
    body,
    buttons: [Dialog.cancelButton({ label: say('Cancel') }), Dialog.okButton({ label: say('Submit') })],
    checkbox: null,
    // The form closes by itself once the submission is in.
    hasClose: true,
    host: document.body
  });
  dialog.addClass('lb-Dialog');
  body.submitted.then(() => dialog.resolve(0)).catch(() => undefined);
  intercept(dialog, body);
  await dialog.launch();
}

/** Have the Submit button send the form instead of closing it. */
function intercept(dialog: Dialog<null>, body: FormBody): void {
  const send = (event: Event): void => {
    const enter = event instanceof KeyboardEvent;
    const target = event.target as HTMLElement;
    const accepts = target.closest('.jp-Dialog-button.jp-mod-accept') !== null;
    const confirms = enter && event.key === 'Enter' && target.tagName !== 'TEXTAREA' && !target.closest('button');
    if (enter ? confirms : accepts) {
      event.preventDefault();
      // The dialog listens on the same element.
      event.stopImmediatePropagation();
      void body.send();
    }
  };
  dialog.node.addEventListener('click', send, true);
  dialog.node.addEventListener('keydown', send, true);
}

class FormBody extends ReactWidget {
  constructor(
    private readonly facts: IFormFacts,
    private readonly submit: (choice: IChoice) => Promise<void>,
    private readonly say: Say
  ) {
    super();
    this.data = facts.initial;
    this.schema = schemaOf(facts.inspection.parameters, facts.benchmarks, say);
    this.submitted = new Promise(resolve => {
      this.done = resolve;
    });
  }

  /** Resolves when the submission is in. */
  readonly submitted: Promise<void>;

  async send(): Promise<void> {
    if (this.busy) {
      return;
    }
    this.busy = true;
    this.say_(null, null);
    try {
      const config = configOf(this.data, this.facts.inspection.parameters);
      await this.submit({ config, files: filesOf(this.data) });
      this.done();
    } catch (problem) {
      this.fail(problem as Error);
    } finally {
      this.busy = false;
      this.update();
    }
  }

  render(): JSX.Element {
    return (
      <Labelled schema={this.schema} busy={this.busy}>
        <QuotaLine quota={this.facts.quota} say={this.say} />
        {this.problem !== null && (
          <p className="lb-Form-problem" role="alert">
            {this.problem}
          </p>
        )}
        <Form
          schema={this.schema}
          uiSchema={uiOf()}
          formData={this.data}
          validator={validatorAjv8}
          extraErrors={(this.errors ?? {}) as never}
          showErrorList={false}
          liveValidate
          idPrefix={PREFIX}
          onChange={event => {
            this.data = event.formData as IFormData;
            this.errors = null;
            this.update();
          }}
        />
      </Labelled>
    );
  }

  private fail(problem: Error): void {
    const say = this.say;
    if (problem instanceof NotJson) {
      const name = problem.field.replace('parameters.', '');
      this.say_(say('{name} is not JSON, for example [1, 2].', { name }), problem.field);
    } else {
      this.say_(problem.message, problem instanceof Refused ? problem.field : null);
    }
  }

  /** Say a problem at its field, or above the form where it has none. */
  private say_(sentence: string | null, field: string | null): void {
    this.errors = sentence === null ? null : errorAt(field, sentence, this.schema);
    this.problem = this.errors === null ? sentence : null;
    this.update();
  }

  private data: IFormData;
  private errors: object | null = null;
  private problem: string | null = null;
  private busy = false;
  private done: () => void = () => undefined;
  private readonly schema: RJSFSchema;
}

/** Lab's form shows titles beside its fields without saying that they belong together: this says it. */
function Labelled(props: { schema: RJSFSchema; busy: boolean; children: React.ReactNode }): JSX.Element {
  const box = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    for (const field of box.current?.querySelectorAll('input[id], select[id], textarea[id]') ?? []) {
      field.setAttribute('aria-label', titleOf(field.id.slice(PREFIX.length + 1), props.schema));
    }
  });
  return (
    <div className="lb-Form" aria-busy={props.busy} ref={box}>
      {props.children}
    </div>
  );
}

/** How many submissions are left, and until when. */
function QuotaLine({ quota, say }: { quota: IQuota; say: Say }): JSX.Element {
  const { limit, used, next_allowed_at: next } = quota.submissions;
  const left = Math.max(0, limit - used);
  const wait = next === null ? 0 : (Date.parse(next) - Date.now()) / 1000;
  return (
    <p className="lb-Quiet">
      {left > 0
        ? say('{left} of {limit} submissions are left within an hour.', { left, limit })
        : say('No submissions are left; the next is possible in {time}.', { time: duration(wait, say) })}
    </p>
  );
}
