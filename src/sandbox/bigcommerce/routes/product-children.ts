import type { FastifyInstance } from 'fastify';
import { ApiError, invalid, missingFields, notFound } from '../errors.ts';
import { imageRow } from '../store/products.ts';
import { key } from '../store/catalog.ts';
import { type Fields, type OptionRow, type ProductRow, textOf } from '../store/rows.ts';
import type { RouteContext } from './context.ts';
import { fetchImages } from './images.ts';
import { empty, idParam, page, queryOf } from './lists.ts';
import { findProduct } from './products.ts';

/** Images, custom fields, options and modifiers of one product (bigcommerce-api §3.4, §3.5). */
export function addProductChildren(app: FastifyInstance, context: RouteContext): void {
  addImages(app, context);
  addCustomFields(app, context);
  addOptions(app, context, 'options');
  addOptions(app, context, 'modifiers');
}

function touched({ catalog, changed }: RouteContext, row: ProductRow): void {
  catalog.touch(row);
  changed();
}

function addImages(app: FastifyInstance, context: RouteContext): void {
  const path = '/v3/catalog/products/:id/images';
  app.get(path, (request) => page(findProduct(context, idParam(request)).images, queryOf(request), 422));
  app.post(path, async (request) => {
    const row = findProduct(context, idParam(request));
    const body = Buffer.isBuffer(request.body) ? multipartFields(request.body) : ((request.body ?? {}) as Fields);
    if (!Buffer.isBuffer(request.body) && !body['image_url'])
      throw missingFields({ image_url: 'image_url or image_file' });
    await fetchImages([body], context.options.fetchImages);
    // Not idempotent: a repeat makes a second image (§2).
    const image = imageRow(context.catalog, body, row.images.length);
    if (image.is_thumbnail) for (const other of row.images) other.is_thumbnail = false;
    row.images.push(image);
    touched(context, row);
    return { data: image, meta: {} };
  });
  app.put(`${path}/:child`, (request) => {
    const row = findProduct(context, idParam(request));
    const image = childOf(row.images, idParam(request, 'child'), 'image');
    Object.assign(image, request.body);
    if (image.is_thumbnail) for (const other of row.images) if (other !== image) other.is_thumbnail = false;
    touched(context, row);
    return { data: image, meta: {} };
  });
  app.delete(`${path}/:child`, (request, reply) => {
    const row = findProduct(context, idParam(request));
    row.images = without(row.images, idParam(request, 'child'), 'image');
    touched(context, row);
    return empty(reply);
  });
}

/** Text fields of a form; the bytes of the file are taken for a picture. */
function multipartFields(body: Buffer): Fields {
  const fields: Fields = {};
  for (const [, name, value] of body.toString('latin1').matchAll(/name="([^"]+)"\r\n\r\n([^\r]*)\r\n/g)) {
    fields[name ?? ''] = Buffer.from(value ?? '', 'latin1').toString('utf8');
  }
  return { ...fields, is_thumbnail: fields['is_thumbnail'] === 'true', sort_order: Number(fields['sort_order'] ?? 0) };
}

function addCustomFields(app: FastifyInstance, context: RouteContext): void {
  const path = '/v3/catalog/products/:id/custom-fields';
  app.get(path, (request) => page(findProduct(context, idParam(request)).custom_fields, queryOf(request), 422));
  app.post(path, (request) => {
    const row = findProduct(context, idParam(request));
    const { name, value } = request.body as { name: string; value: string };
    if (!name || !value || name.length > 250 || value.length > 250) throw invalid({ name: '1 to 250 characters each' });
    if (row.custom_fields.some((field) => field.name === name && field.value === value))
      throw invalid({ name: 'The custom field already exists.' });
    const made = { id: context.catalog.nextId(), name, value };
    row.custom_fields.push(made);
    touched(context, row);
    return { data: made, meta: {} };
  });
  app.put(`${path}/:child`, (request) => {
    const row = findProduct(context, idParam(request));
    const field = childOf(row.custom_fields, idParam(request, 'child'), 'custom field');
    Object.assign(field, request.body);
    touched(context, row);
    return { data: field, meta: {} };
  });
  app.delete(`${path}/:child`, (request, reply) => {
    const row = findProduct(context, idParam(request));
    row.custom_fields = without(row.custom_fields, idParam(request, 'child'), 'custom field');
    touched(context, row);
    return empty(reply);
  });
}

function addOptions(app: FastifyInstance, context: RouteContext, kind: 'options' | 'modifiers'): void {
  const path = `/v3/catalog/products/:id/${kind}`;
  const word = kind === 'options' ? 'option' : 'modifier';
  app.get(path, (request) => page(findProduct(context, idParam(request))[kind], queryOf(request), 422));
  app.post(path, (request) => {
    const row = findProduct(context, idParam(request));
    const body = request.body as Fields;
    const name = textOf(body['display_name']);
    if (name === '') throw missingFields({ display_name: 'required' });
    // One name space for both (§3.4, observed text).
    if ([...row.options, ...row.modifiers].some((option) => key(option.display_name) === key(name))) {
      throw new ApiError(409, `The display name ${name} has already been used on this product.`);
    }
    const made: OptionRow = {
      sort_order: row[kind].length,
      ...body,
      id: context.catalog.nextId(),
      display_name: name,
      type: textOf(body['type'], 'rectangles'),
      option_values: valueRows(context, body['option_values']),
    };
    row[kind].push(made);
    touched(context, row);
    return { data: made, meta: {} };
  });
  app.put(`${path}/:child`, (request) => {
    const row = findProduct(context, idParam(request));
    const option = childOf(row[kind], idParam(request, 'child'), word);
    const body = request.body as Fields;
    const values =
      body['option_values'] === undefined ? option.option_values : valueRows(context, body['option_values']);
    Object.assign(option, body, { id: option.id, option_values: values });
    touched(context, row);
    return { data: option, meta: {} };
  });
  app.post(`${path}/:child/values`, (request) => {
    const row = findProduct(context, idParam(request));
    const option = childOf(row[kind], idParam(request, 'child'), word);
    const [made] = valueRows(context, [request.body]);
    if (made === undefined) throw missingFields({ label: 'required' });
    option.option_values.push(made);
    touched(context, row);
    return { data: made, meta: {} };
  });
  app.delete(`${path}/:child`, (request, reply) => {
    const row = findProduct(context, idParam(request));
    row[kind] = without(row[kind], idParam(request, 'child'), word);
    touched(context, row);
    return empty(reply);
  });
}

function valueRows({ catalog }: RouteContext, given: unknown): OptionRow['option_values'] {
  return ((given ?? []) as Fields[]).map((value, at) => ({
    ...value,
    id: Number(value['id'] ?? catalog.nextId()),
    label: String(value['label']),
    sort_order: Number(value['sort_order'] ?? at),
    is_default: value['is_default'] === true,
  }));
}

function childOf<T extends { id: number }>(rows: readonly T[], id: number, what: string): T {
  const row = rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw notFound(what);
  return row;
}

function without<T extends { id: number }>(rows: readonly T[], id: number, what: string): T[] {
  childOf(rows, id, what);
  return rows.filter((row) => row.id !== id);
}
