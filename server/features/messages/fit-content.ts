import type { Log } from '../../log.ts';
import type { OutgoingContent } from '../../runtime/types.ts';
import {
  checkFilled,
  checkSize,
  fitText,
  MAX_LABEL_LENGTH,
  refuse,
} from '../../runtime/messages/outgoing.ts';
import { MAX_TEXT_LENGTH, neutraliseShorthand } from '../../runtime/messages/text.ts';
import { checkCount, checkNames, checkNumber } from './checks.ts';
import type { FormContent, FormField, LocationContent } from './content.ts';
import { fitActions, fitItems, fitMedia, fitWords, MAX_ITEMS } from './fit-parts.ts';

/** Fields of a form (formMessage), options of one (formOptions), characters of an answer (field). */
const MAX_FIELDS = 20;
const MAX_OPTIONS = 200;
const MAX_ANSWER_LENGTH = 256;
/** Where a text field says nothing of it (formMessageField). */
const ANSWER_LENGTH = 128;

/**
 * The content as Zendesk takes it: what people read without commands and cut where it is too long, with a
 * line in the log. @throws RangeError for anything else, with the name of its field
 */
export function fitContent(log: Log, content: OutgoingContent): OutgoingContent {
  const fitting = fitByType(log, content);
  checkSize('send()', fitting);
  return fitting;
}

function fitByType(log: Log, content: OutgoingContent): OutgoingContent {
  switch (content.type) {
    case 'text': {
      const { text, htmlText, markdownText, actions } = content;
      if ([text, htmlText, markdownText, actions].every((part) => part === undefined))
        refuse('text', 'is missing', 'Give it words in text, htmlText or markdownText.');
      return { ...content, ...fitWords(log, content), ...fitActions(log, actions) };
    }
    case 'image':
      if (typeof content.mediaUrl !== 'string' && !/^image\//i.test(content.mediaUrl.mediaType))
        refuse('mediaUrl', `is ${content.mediaUrl.mediaType}`, 'Send what is no image as a file.');
      return { ...content, ...fitMedia(log, content), ...fitActions(log, content.actions) };
    case 'file':
      return { ...content, ...fitMedia(log, content) };
    case 'carousel':
      return { ...content, items: fitItems(log, content.items) };
    case 'list': {
      if (content.actions !== undefined)
        checkCount('actions', content.actions, MAX_ITEMS, 'Put the rest into the rows.');
      const items = fitItems(log, content.items);
      return { ...content, items, ...fitActions(log, content.actions) };
    }
    case 'location':
      return fitLocation(log, content);
    case 'form':
      return fitForm(log, content);
    case 'template':
      return { ...content, template: fitTemplate(content.template) };
    default: {
      const { type }: { type: unknown } = content;
      return refuse('type', `is “${String(type)}”`, 'It says what kind of message this is.');
    }
  }
}

function fitLocation(log: Log, content: LocationContent): LocationContent {
  const { coordinates, location } = content;
  checkNumber('coordinates.lat', coordinates.lat, -90, 90);
  checkNumber('coordinates.long', coordinates.long, -180, 180);
  if (location === undefined) return content;
  const fit = (name: 'name' | 'address') =>
    location[name] === undefined
      ? {}
      : { [name]: fitText(log, `location.${name}`, location[name], MAX_TEXT_LENGTH) };
  return { ...content, location: { ...location, ...fit('name'), ...fit('address') } };
}

function fitForm(log: Log, content: FormContent): FormContent {
  const { fields, text } = content;
  checkCount('fields', fields, MAX_FIELDS, 'Ask for less, or with a second form.');
  checkNames('fields', fields);
  return {
    ...content,
    ...(text === undefined ? {} : { text: fitText(log, 'text', text, MAX_TEXT_LENGTH) }),
    fields: fields.map((field, index) => fitField(log, `fields[${index}]`, field)),
  };
}

function fitField(log: Log, at: string, field: FormField): FormField {
  const { label, placeholder } = field;
  checkFilled(`${at}.label`, label, 'Say what the field is for.');
  if (placeholder !== undefined) checkFilled(`${at}.placeholder`, placeholder, 'Leave it out.');
  const shown = {
    label: fitText(log, `${at}.label`, label, MAX_LABEL_LENGTH),
    ...(placeholder === undefined
      ? {}
      : { placeholder: fitText(log, `${at}.placeholder`, placeholder, MAX_LABEL_LENGTH) }),
  };
  switch (field.type) {
    case 'email':
      return { ...field, ...shown };
    case 'text': {
      const { minSize = 1, maxSize = ANSWER_LENGTH } = field;
      checkNumber(`${at}.minSize`, minSize, 1, MAX_ANSWER_LENGTH, { isWhole: true });
      if (field.maxSize === undefined && minSize > ANSWER_LENGTH) {
        const problem = `is ${ANSWER_LENGTH}, as long as nothing else is said`;
        refuse(`${at}.maxSize`, problem, 'Give it one that is not below minSize.');
      }
      checkNumber(`${at}.maxSize`, maxSize, minSize, MAX_ANSWER_LENGTH, { isWhole: true });
      return { ...field, ...shown };
    }
    case 'select': {
      const list = `${at}.options`;
      checkCount(list, field.options, MAX_OPTIONS, 'Nobody reads more: ask in two steps.');
      checkNames(list, field.options);
      const options = field.options.map((option, index) => {
        const where = `${list}[${index}].label`;
        checkFilled(where, option.label, 'Say what is chosen with it.');
        return { ...option, label: fitText(log, where, option.label, MAX_LABEL_LENGTH) };
      });
      return { ...field, ...shown, options };
    }
    default: {
      const { type }: { type: unknown } = field;
      return refuse(
        `${at}.type`,
        `is “${String(type)}”`,
        'A field is a text, an email or a select.',
      );
    }
  }
}

/** Its form is WhatsApp's: every text in it may be shown, but for what comes back to the bot. */
function fitTemplate<Part>(template: Part): Part {
  return JSON.parse(JSON.stringify(template), (name, value: unknown) =>
    typeof value === 'string' && name !== 'payload' ? neutraliseShorthand(value) : value,
  );
}
