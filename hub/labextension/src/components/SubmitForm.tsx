import { ReactWidget } from '@jupyterlab/apputils';
import { FormComponent } from '@jupyterlab/ui-components';
import type { FormProps } from '@rjsf/core';
import type { Message } from '@lumino/messaging';
import validatorAjv8 from '@rjsf/validator-ajv8';
import type { CustomValidator, ErrorTransformer, RJSFSchema, UiSchema, ValidatorType } from '@rjsf/utils';
import * as React from 'react';

import type { IConfig, IQuota } from '../api';
import { Refused } from '../client';
import type { IAsked, IFormData } from '../form';
import { configFrom, errorAt, filesOf, initialData, schemaOf, transformerOf, uiOf, validatorOf } from '../form';
import type { IChoice } from '../submitter';
import type { Say } from '../texts';
import { FilesWidget } from './FilesWidget';
import { FormField } from './FormField';
import { QuotaLine } from './QuotaLine';
import { SwitchWidget } from './SwitchWidget';

// Lab's own form takes any JSON object; ours has the fields that it asks for.
const Form = FormComponent as unknown as React.FunctionComponent<FormProps<IFormData>>;
const validator = validatorAjv8 as unknown as ValidatorType<IFormData>;
const WIDGETS = { switch: SwitchWidget, files: FilesWidget };
const TEMPLATES = { FieldTemplate: FormField };

/** What the form is made from. */
export interface IFormFacts {
  asked: IAsked;
  given: IConfig;
  /** Paths of the files that lie beside the notebook. */
  beside: readonly string[];
  quota: IQuota;
  /** Rejects with what is wrong, and the form says it at its field. */
  submit: (choice: IChoice) => Promise<void>;
}

/** The fields of one submission, and what is wrong with them. */
export class SubmitForm extends ReactWidget {
  constructor(
    private readonly facts: IFormFacts,
    private readonly say: Say
  ) {
    super();
    this.data = initialData(facts.asked, facts.given);
    this.schema = schemaOf(facts.asked, say);
    this.ui = uiOf(facts.asked);
    this.validate = validatorOf(facts.asked, say);
    this.transform = transformerOf(say);
  }

  /** Called when the form becomes busy, or is so no more. */
  onBusy: (busy: boolean) => void = () => undefined;
  /** Called when the submission is in. */
  onDone: () => void = () => undefined;
  /** Called with a problem that comes when the form is not there any more to say it. */
  onLate: (problem: Error) => void = () => undefined;

  /** Submit what is filled in, unless something is wrong with it. */
  async send(): Promise<void> {
    if (this.busy) {
      return;
    }
    const { errors } = validator.validateFormData(this.data, this.schema, this.validate);
    if (errors.length > 0) {
      this.focusOnProblem();
      return;
    }
    this.become(true);
    try {
      await this.facts.submit({ config: configFrom(this.data, this.facts.asked), files: filesOf(this.data) });
      this.onDone();
    } catch (problem) {
      this.fail(problem as Error);
    } finally {
      this.become(false);
    }
  }

  render(): JSX.Element {
    const { asked, quota, beside } = this.facts;
    const say = this.say;
    return (
      <div className="lb-Form" aria-busy={this.busy}>
        <QuotaLine quota={quota} say={say} />
        {this.problem !== null && (
          <p className="lb-Problem" role="alert">
            {this.problem}
          </p>
        )}
        {asked.parameters === null && (
          <p className="lb-Quiet">
            {say('No cell of this notebook is tagged “parameters”, so there are none to choose.')}
          </p>
        )}
        <Form
          schema={this.schema}
          uiSchema={this.ui}
          formData={this.data}
          formContext={{ beside, say }}
          validator={validator}
          customValidate={this.validate}
          transformErrors={this.transform}
          extraErrors={this.errors ?? {}}
          templates={TEMPLATES}
          widgets={WIDGETS}
          showErrorList={false}
          liveValidate
          noHtml5Validate
          idPrefix="lb-form"
          onSubmit={() => void this.send()}
          onChange={event => {
            this.data = event.formData ?? {};
            this.errors = null;
            this.update();
          }}
        />
      </div>
    );
  }

  protected onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    if (this.hasNewProblem) {
      this.hasNewProblem = false;
      void this.renderPromise?.then(() => this.focusOnProblem());
    }
  }

  private become(busy: boolean): void {
    this.busy = busy;
    if (busy) {
      this.problem = this.errors = null;
    }
    this.onBusy(busy);
    this.update();
  }

  /** Say a problem at its field, or above the form where it has none. */
  private fail(problem: Error): void {
    if (this.isDisposed) {
      this.onLate(problem);
      return;
    }
    const field = problem instanceof Refused ? problem.field : null;
    this.errors = errorAt(field, problem.message, this.schema);
    this.problem = this.errors === null ? problem.message : null;
    this.hasNewProblem = true;
    this.update();
  }

  private focusOnProblem(): void {
    this.node.querySelector<HTMLElement>('.lb-mod-wrong :is(input, select, textarea)[id]')?.focus();
    this.node.querySelector('.lb-Field-problem, .lb-Problem')?.scrollIntoView({ block: 'nearest' });
  }

  private data: IFormData;
  private errors: object | null = null;
  private problem: string | null = null;
  private busy = false;
  private hasNewProblem = false;
  private readonly schema: RJSFSchema;
  private readonly ui: UiSchema<IFormData>;
  private readonly validate: CustomValidator<IFormData>;
  private readonly transform: ErrorTransformer<IFormData>;
}
