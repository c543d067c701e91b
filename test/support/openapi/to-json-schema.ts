import { z } from 'zod';
import type { Schema } from './description.ts';

export type Direction = 'request' | 'answer';

const Properties = z.record(z.string(), z.looseObject({}));
const Variants = z.array(z.looseObject({}));
const Discriminator = z.object({
  propertyName: z.string(),
  mapping: z.record(z.string(), z.string()).optional(),
});

/** Where the schemas that have a name are: `{ $id: DEFINITIONS, $defs: converter.definitions() }`. */
export const DEFINITIONS = 'definitions';

/** What says nothing about validity, or is rewritten below. */
const LEFT_OUT =
  /^(x-.*|example|description|default|title|nullable|readOnly|writeOnly|allOf|oneOf|discriminator)$/;

/**
 * Rewrites the schemas of an OpenAPI 3.0 description as JSON Schema, for one direction. What is
 * described is all there may be: other members are refused, read-only ones in requests, write-only ones
 * in answers. A variant is chosen by its discriminator alone, so that errors name the member that is wrong.
 */
export function createConverter(schemas: Readonly<Record<string, Schema>>, direction: Direction) {
  const banned = direction === 'request' ? 'readOnly' : 'writeOnly';

  const nameIn = (ref: unknown) => String(ref).replace('#/components/schemas/', '');
  const named = (ref: unknown): Schema => {
    const found = schemas[nameIn(ref)];
    if (found === undefined) throw new Error(`The description has no ${String(ref)}.`);
    return found;
  };

  /** References followed and `allOf` laid into one another; what stands outside of it wins. */
  function flatten(schema: Schema): Schema {
    if (schema['$ref'] !== undefined) return flatten(named(schema['$ref']));
    const { allOf, ...own } = schema;
    if (allOf === undefined) return own;
    const parts = [...Variants.parse(allOf).map(flatten), own];
    const properties = Object.assign({}, ...parts.map((part) => part['properties'] ?? {}));
    const required = parts.flatMap((part) => z.array(z.string()).parse(part['required'] ?? []));
    const whole = Object.assign({}, ...parts, required.length > 0 ? { required } : {});
    return Object.keys(properties).length > 0 ? { ...whole, properties } : whole;
  }

  function convert(schema: Schema): Schema {
    if (schema['$ref'] !== undefined)
      return { $ref: `${DEFINITIONS}#/$defs/${nameIn(schema['$ref'])}` };
    const flat = flatten(schema);
    const kept = Object.entries(flat).filter(([key]) => !LEFT_OUT.test(key));
    const converted: Record<string, unknown> = Object.fromEntries(kept);
    if (flat['properties'] !== undefined) Object.assign(converted, convertObject(flat));
    if (flat['items'] !== undefined)
      converted['items'] = convert(z.looseObject({}).parse(flat['items']));
    if (flat['anyOf'] !== undefined) {
      converted['anyOf'] = Variants.parse(flat['anyOf']).map(convert);
    }
    if (flat['oneOf'] !== undefined) Object.assign(converted, convertVariants(flat));
    return flat['nullable'] === true ? { anyOf: [{ type: 'null' }, converted] } : converted;
  }

  function convertObject(flat: Schema): Schema {
    const all = Object.entries(Properties.parse(flat['properties']));
    const allowed = all.filter(([, property]) => flatten(property)[banned] !== true);
    const names = new Set(allowed.map(([name]) => name));
    const required = z.array(z.string()).parse(flat['required'] ?? []);
    return {
      type: 'object',
      properties: Object.fromEntries(allowed.map(([name, value]) => [name, convert(value)])),
      required: required.filter((name) => names.has(name)),
      additionalProperties: flat['additionalProperties'] ?? false,
    };
  }

  function convertVariants(flat: Schema): Schema {
    const variants = Variants.parse(flat['oneOf']);
    if (flat['discriminator'] === undefined) return { anyOf: variants.map(convert) };
    const { propertyName, mapping } = Discriminator.parse(flat['discriminator']);
    const byValue: [string, Schema][] =
      mapping === undefined
        ? variants.map((variant) => [valueOf(variant, propertyName), variant])
        : Object.entries(mapping).map(([value, $ref]) => [value, { $ref }]);
    return {
      type: 'object',
      required: [propertyName],
      properties: { [propertyName]: { enum: byValue.map(([value]) => value) } },
      allOf: byValue.map(([value, variant]) => ({
        if: { properties: { [propertyName]: { const: value } } },
        // eslint-disable-next-line unicorn/no-thenable
        then: convert(variant),
      })),
    };
  }

  /** Without a mapping it is the variant's default, or the name of its schema (OpenAPI 3.0.2, Discriminator). */
  function valueOf(variant: Schema, propertyName: string): string {
    const property = Properties.parse(flatten(variant)['properties'])[propertyName];
    const { default: value } = z.object({ default: z.string().optional() }).parse(property);
    return value ?? nameIn(variant['$ref']);
  }

  return {
    flatten,
    convert,
    definitions: () =>
      Object.fromEntries(Object.entries(schemas).map(([name, value]) => [name, convert(value)])),
  };
}
