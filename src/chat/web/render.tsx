import type { Child } from 'hono/jsx';
import {
  type Block,
  type Button,
  type Form,
  type FormField,
  type Message,
  plainText,
  type Span,
  type Text,
} from '../message.ts';

/**
 * What the renderer has to know of the page around it. Everything is emitted as JSX children and attributes,
 * which hono escapes; there is no raw HTML in this file, so text stays text whoever wrote it.
 */
export interface RenderContext {
  /** Where pressed buttons and sent forms go. */
  readonly actPath: string;
  readonly csrf: string;
  /** The reader, so that a mention of the reader stands out. */
  readonly person: string;
  readonly labels: {
    readonly copy: string;
    readonly cancel: string;
    readonly required: string;
  };
  /** False on paper: a printed button presses nothing. */
  readonly interactive: boolean;
  /** False on a page without a place for answers: a form there is sent as browsers send it, and another page comes back. */
  readonly live: boolean;
}

export function MessageView({ message, context }: { message: Message; context: RenderContext }) {
  // What is said in one line takes one line.
  const short = message.blocks.every((block) => block.block === 'buttons');
  return (
    <div class={`msg tone-${message.tone}${short ? ' short' : ''}`}>
      <p class="headline">
        <TextView text={message.headline} context={context} />
      </p>
      {message.blocks.map((block) => (
        <BlockView block={block} context={context} />
      ))}
    </div>
  );
}

export function TextView({ text, context }: { text: Text; context: RenderContext }) {
  if (typeof text === 'string') return <>{text}</>;
  return (
    <>
      {text.map((span) => (
        <SpanView span={span} context={context} />
      ))}
    </>
  );
}

function SpanView({ span, context }: { span: Span; context: RenderContext }) {
  if (typeof span === 'string') return <>{span}</>;
  if ('strong' in span) return <strong>{span.strong}</strong>;
  if ('mono' in span) return <code>{span.mono}</code>;
  if ('mention' in span)
    return (
      <span class={span.mention.person === context.person ? 'mention me' : 'mention'}>
        @{span.mention.name}
      </span>
    );
  if ('room' in span) return <>#{span.room.name}</>;
  if (span.link.path.endsWith('.svg'))
    return (
      <a class="link" href={localPath(span.link.path)}>
        <img class="picture" src={localPath(span.link.path)} alt={span.link.label} loading="lazy" />
      </a>
    );
  return (
    <a class="link" href={localPath(span.link.path)}>
      {span.link.label}
    </a>
  );
}

/** Only this server's own pages: a path that could name another host, or run anything, leads home. */
function localPath(path: string): string {
  return /^\/(?!\/)[\w./-]*$/.test(path) ? path : '/';
}

function BlockView({ block, context }: { block: Block; context: RenderContext }): Child {
  switch (block.block) {
    case 'text':
      return (
        <p>
          <TextView text={block.text} context={context} />
        </p>
      );
    case 'note':
      return (
        <p class="note">
          <TextView text={block.text} context={context} />
        </p>
      );
    case 'list':
      return <ListView ordered={block.ordered} items={block.items} context={context} />;
    case 'fields':
      return (
        <dl class="fields">
          {block.fields.map((field) => (
            <div>
              <dt>{field.label}</dt>
              <dd>
                <TextView text={field.value} context={context} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case 'code':
      return (
        <CodeView
          code={block.code}
          startLine={block.startLine}
          marked={block.marked}
          labels={context.labels}
        />
      );
    case 'buttons':
      return <ButtonRow buttons={block.buttons} context={context} />;
    case 'fold':
      return (
        <details class="fold" open={!context.interactive}>
          <summary>{block.summary}</summary>
          {block.blocks.map((inner) => (
            <BlockView block={inner} context={context} />
          ))}
        </details>
      );
    default: {
      const never: never = block;
      return never;
    }
  }
}

function ListView(props: { ordered: boolean; items: readonly Text[]; context: RenderContext }) {
  const items = props.items.map((item) => (
    <li>
      <TextView text={item} context={props.context} />
    </li>
  ));
  if (props.ordered) return <ol class="steps">{items}</ol>;
  // Items that bring a sign or a number of their own need no bullet beside it.
  const signed = props.items.every((item) => /^(?:\d+\.|[☐☑⚠✓✕])/.test(plainText(item)));
  return <ul class={signed ? 'signed' : undefined}>{items}</ul>;
}

/** Code with the line numbers of the source it was cut from; the marked lines are the evidence. */
export function CodeView(props: {
  code: string;
  startLine: number | null;
  marked: readonly number[];
  labels: RenderContext['labels'];
  /** Gives each line an address, for who wants to point at it. */
  anchor?: string;
}) {
  const marked = new Set(props.marked);
  const first = props.startLine ?? 1;
  const lines = props.code.replace(/\n$/, '').split('\n');
  return (
    <div class="code">
      <button type="button" class="copy" data-copy hidden>
        {props.labels.copy}
      </button>
      <pre tabindex={0}>
        <code class={props.startLine === null ? 'plain' : 'numbered'}>
          {lines.map((line, index) => {
            const number = first + index;
            return (
              <span
                class={marked.has(number) ? 'ln marked' : 'ln'}
                data-n={number}
                id={props.anchor === undefined ? undefined : `${props.anchor}-L${number}`}
              >
                {line === '' ? ' ' : line}
                {'\n'}
              </span>
            );
          })}
        </code>
      </pre>
    </div>
  );
}

export function ButtonRow({ buttons, context }: { buttons: readonly Button[]; context: RenderContext }) {
  if (buttons.length === 0 || !context.interactive) return null;
  return (
    <div class="buttons">
      {buttons.map((button) => (
        <form method="post" action={context.actPath} {...live(context)}>
          <Hidden context={context} command={button.command} args={button.args} />
          {button.confirm !== undefined && <input type="hidden" name="confirm" value={button.confirm} />}
          {button.confirm !== undefined && <input type="hidden" name="label" value={button.label} />}
          <button type="submit" class={`btn ${button.style}`}>
            {button.label}
          </button>
        </form>
      ))}
    </div>
  );
}

/** An irreversible act asks first; the question comes from the server, so that it is asked without scripts too. */
export function ConfirmView(props: {
  title: string;
  question: string;
  label: string;
  command: string;
  args: Readonly<Record<string, string>>;
  context: RenderContext;
}) {
  return (
    <form method="post" action={props.context.actPath} class="dialog-form" {...live(props.context)}>
      <input type="hidden" name="dialog" value="1" />
      <h2>{props.title}</h2>
      <p class="question">{props.question}</p>
      <Hidden context={props.context} command={props.command} args={props.args} />
      <div id="dialog-note" role="alert" />
      <div class="dialog-buttons">
        <button type="button" class="btn plain" data-close>
          {props.context.labels.cancel}
        </button>
        <button type="submit" class="btn danger" data-autofocus>
          {props.label}
        </button>
      </div>
    </form>
  );
}

export function FormView({ form, context }: { form: Form; context: RenderContext }) {
  return (
    <form method="post" action={context.actPath} class="dialog-form" {...live(context)}>
      <input type="hidden" name="dialog" value="1" />
      <h2>{form.title}</h2>
      <Hidden context={context} command={form.command} args={form.args} />
      {form.fields.map((field, index) => (
        <FieldView field={field} first={index === 0} required={context.labels.required} />
      ))}
      <div id="dialog-note" role="alert" />
      <div class="dialog-buttons">
        <button type="button" class="btn plain" data-close>
          {context.labels.cancel}
        </button>
        <button type="submit" class="btn primary">
          {form.submit}
        </button>
      </div>
    </form>
  );
}

function FieldView({ field, first, required }: { field: FormField; first: boolean; required: string }) {
  const id = `f-${anchor(field.name)}`;
  const common = {
    id,
    name: `arg.${field.name}`,
    required: field.required,
    placeholder: field.placeholder,
    'data-autofocus': first ? '' : undefined,
  };
  const label = (
    <span class="label">
      {field.label}
      {field.required && <span class="required">{required}</span>}
    </span>
  );
  if (field.type === 'choice') {
    const options = field.options ?? [];
    // A handful of choices is seen at once; a long list folds into a select.
    if (options.length <= 5)
      return (
        <fieldset class="field choice">
          <legend>{label}</legend>
          {options.map((option) => (
            <label class="radio">
              <input
                type="radio"
                name={common.name}
                value={option.value}
                required={field.required}
                checked={field.value === option.value}
              />
              <span>{option.label}</span>
            </label>
          ))}
        </fieldset>
      );
    return (
      <label class="field" for={id}>
        {label}
        <select {...common}>
          {!field.required && <option value="" />}
          {options.map((option) => (
            <option value={option.value} selected={field.value === option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </label>
    );
  }
  if (field.type === 'paragraph')
    return (
      <label class="field" for={id}>
        {label}
        <textarea {...common} rows={4}>
          {field.value ?? ''}
        </textarea>
      </label>
    );
  return (
    <label class="field" for={id}>
      {label}
      {/* A time is typed in free words too (`10 分钟前`), so that it is no browser time field. */}
      <input
        {...common}
        type={field.type === 'phone' ? 'tel' : 'text'}
        value={field.value ?? ''}
        autocomplete="off"
      />
    </label>
  );
}

function Hidden(props: { context: RenderContext; command: string; args: Readonly<Record<string, string>> }) {
  return (
    <>
      <input type="hidden" name="_csrf" value={props.context.csrf} />
      <input type="hidden" name="command" value={props.command} />
      {Object.entries(props.args).map(([name, value]) => (
        <input type="hidden" name={`arg.${name}`} value={value} />
      ))}
    </>
  );
}

function live(context: RenderContext) {
  if (!context.live) return {};
  return {
    'hx-post': context.actPath,
    'hx-target': '#answers',
    'hx-swap': 'innerHTML',
    // A tired hand presses twice; once is meant.
    'hx-sync': 'this:drop',
  };
}

/** A name that is safe as an element id whatever characters the id of the thing has. */
export function anchor(id: string): string {
  return `e-${[...id].map((char) => (/[A-Za-z0-9-]/.test(char) ? char : `_${char.codePointAt(0)?.toString(16) ?? ''}`)).join('')}`;
}
