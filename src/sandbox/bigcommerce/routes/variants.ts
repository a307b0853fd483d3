import type { FastifyInstance } from 'fastify';
import { ApiError, invalid, notFound } from '../errors.ts';
import { key, productOfVariant } from '../store/catalog.ts';
import { addVariant, hold, release } from '../store/products.ts';
import { type Fields, type ProductRow, type VariantRow, textOf } from '../store/rows.ts';
import type { RouteContext } from './context.ts';
import { fetchImages } from './images.ts';
import { bodyList, empty, idParam, numbers, page, queryOf } from './lists.ts';
import { findProduct } from './products.ts';

/** Variants of one product and of all (bigcommerce-api §3.4). */
export function addVariants(app: FastifyInstance, context: RouteContext): void {
  const { catalog, options, changed } = context;
  const own = '/v3/catalog/products/:id/variants';
  app.get(own, (request) =>
    page(findProduct(context, idParam(request)).variants, queryOf(request), options.switches.overLimitStatus),
  );
  app.post(own, async (request) => {
    const product = findProduct(context, idParam(request));
    const made = await add(context, product, request.body as Fields);
    changed();
    return { data: made, meta: {} };
  });
  app.put(`${own}/:child`, async (request) => {
    const product = findProduct(context, idParam(request));
    const variant = await change(context, product, idParam(request, 'child'), request.body as Fields);
    changed();
    return { data: variant, meta: {} };
  });
  app.delete(`${own}/:child`, (request, reply) => {
    const product = findProduct(context, idParam(request));
    const id = idParam(request, 'child');
    if (!product.variants.some((variant) => variant.id === id)) throw notFound('variant');
    release(catalog, product);
    product.variants = product.variants.filter((variant) => variant.id !== id);
    hold(catalog, product);
    catalog.touch(product);
    changed();
    return empty(reply);
  });
  app.get('/v3/catalog/variants', (request) => {
    const query = queryOf(request);
    const products = numbers(query['product_id:in']);
    const holder = query['sku'] === undefined ? undefined : catalog.skus.get(key(query['sku']));
    const candidates =
      holder === undefined
        ? [...catalog.products.values()]
        : [catalog.products.get(holder.product)].filter((row) => row !== undefined);
    const rows = candidates
      .filter((product) => context.controls.shows(product))
      .filter((product) => products.length === 0 || products.includes(product.id))
      .flatMap((product) => product.variants)
      .filter((variant) => query['sku'] === undefined || key(variant.sku) === key(query['sku']));
    return page(rows, query, options.switches.overLimitStatus);
  });
  app.put('/v3/catalog/variants', async (request, reply) => {
    const bodies = bodyList(request, 50);
    const rows: VariantRow[] = [];
    const errors: object[] = [];
    for (const [at, body] of bodies.entries()) {
      try {
        rows.push(await putOne(context, body));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        errors.push({ ...error.body, errors: { [`${at}`]: error.message } });
      }
    }
    changed();
    if (errors.length > 0) return reply.code(422).send({ batch_errors: errors });
    return { data: rows, meta: {} };
  });
}

function putOne(context: RouteContext, body: Fields): Promise<VariantRow> {
  if (body['id'] === undefined) return add(context, findProduct(context, Number(body['product_id'])), body);
  const id = Number(body['id']);
  const product = productOfVariant(context.catalog, id);
  if (product === undefined) throw invalid({ id: `variant ${id} does not exist` });
  return change(context, product, id, body);
}

async function add(context: RouteContext, product: ProductRow, body: Fields): Promise<VariantRow> {
  const { catalog } = context;
  await fetchImages([body], context.options.fetchImages);
  const sku = textOf(body['sku']);
  const holder = catalog.skus.get(key(sku));
  if (sku === '') throw invalid({ sku: 'required' });
  if (holder !== undefined) throw new ApiError(409, `Sku ${sku} is not unique`, { sku: 'not unique' });
  release(catalog, product);
  if (product.base_variant_id !== null) {
    product.variants = [];
    product.base_variant_id = null;
  }
  const made = addVariant(catalog, product, body);
  product.variants.push(made);
  hold(catalog, product);
  catalog.touch(product);
  return made;
}

async function change(context: RouteContext, product: ProductRow, id: number, body: Fields): Promise<VariantRow> {
  const { catalog } = context;
  const variant = product.variants.find((candidate) => candidate.id === id);
  if (variant === undefined) throw notFound('variant');
  await fetchImages([body], context.options.fetchImages);
  const holder = body['sku'] === undefined ? undefined : catalog.skus.get(key(textOf(body['sku'])));
  if (
    holder !== undefined &&
    holder.variant !== id &&
    !(holder.variant === null && holder.product === product.id && product.base_variant_id === id)
  ) {
    throw new ApiError(409, `Sku ${textOf(body['sku'])} is not unique`, { sku: 'not unique' });
  }
  release(catalog, product);
  const { option_values: _values, ...fields } = body;
  Object.assign(variant, fields, { id, product_id: product.id });
  hold(catalog, product);
  catalog.touch(product);
  return variant;
}
