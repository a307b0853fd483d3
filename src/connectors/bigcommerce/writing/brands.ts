import type { JsonObject } from '../../../domain/json.ts';
import { z } from 'zod';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { changedFields, withoutBlanks } from '../projection/field-changes.ts';
import { textField } from '../projection/fields.ts';
import { presentBrand } from '../projection/category.ts';
import { refusalText } from '../refusals.ts';
import { type BrandRow, brandSchema } from '../wire/category.ts';
import { pictureOpen } from './categories.ts';
import { deleted } from './deletes.ts';
import { outcomeOfFailure } from './outcomes.ts';
import { isRefusal, requiredTargetId } from './per-item.ts';

const NAME = 'brand-name';
const replySchema = z.object({ data: brandSchema, errors: z.unknown().optional(), title: z.string().optional() });

/** One brand in one request: there is no batch (bigcommerce-api §3.2). A picture that cannot be fetched follows later. */
export async function createBrand(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const url = textField(item.bundle['image'], 'image_url');
  try {
    return await post(api, item, url, call);
  } catch (error) {
    const picture = url !== '' && isRefusal(error) && /image|picture/i.test(refusalText(error.body));
    if (!picture) return outcomeOfFailure(item, error, NAME);
    try {
      const { bases, ...made } = await post(api, item, '', call);
      const { image: _image, ...settled } = bases;
      return { ...made, bases: settled };
    } catch (second) {
      return outcomeOfFailure(item, second, NAME);
    }
  }
}

async function post(
  api: BigCommerceApi,
  item: WriteItem,
  imageUrl: string,
  call: CallOptions,
): Promise<Extract<WriteOutcome, { outcome: 'written' }>> {
  const { data, status } = await api.write({
    method: 'POST',
    path: '/v3/catalog/brands',
    route: 'catalog/brands',
    body: { ...withoutBlanks(item.desired as JsonObject), ...(imageUrl === '' ? {} : { image_url: imageUrl }) },
    schema: replySchema,
    call,
  });
  return written(item, data.data, ['core', 'image'], status === 207 ? refusalText(data) || 'saved in part' : null);
}

export async function updateBrand(
  api: BigCommerceApi,
  part: 'core' | 'image',
  item: WriteItem,
  call: CallOptions,
): Promise<WriteOutcome> {
  const { custom_url: url, ...fields } = changedFields(item.desired as JsonObject, item.lastDesired);
  const body = url === undefined || url === null ? fields : { ...fields, custom_url: url };
  const id = requiredTargetId(item);
  try {
    const { data, status } = await api.write({
      method: 'PUT',
      path: `/v3/catalog/brands/${id}`,
      route: 'catalog/brands/:id',
      body,
      schema: replySchema,
      call,
    });
    return written(item, data.data, [part], status === 207 ? refusalText(data) || 'saved in part' : null);
  } catch (error) {
    return part === 'image' && isRefusal(error) ? pictureOpen(item, error) : outcomeOfFailure(item, error, NAME);
  }
}

function written(item: WriteItem, row: BrandRow, parts: readonly string[], partly: string | null) {
  const state = presentBrand(row);
  return {
    id: item.id,
    outcome: 'written' as const,
    targetId: state.targetId,
    modifiedAt: null,
    bases: Object.fromEntries(parts.map((part) => [part, state.parts[part] ?? null])),
    children: [],
    unsettled: partly === null ? [] : [{ part: 'core', reason: partly }],
  };
}

export async function deleteBrand(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const path = `/v3/catalog/brands/${requiredTargetId(item)}`;
  try {
    await api.write({ method: 'DELETE', path, route: 'catalog/brands/:id', call });
    return deleted(item);
  } catch (error) {
    return outcomeOfFailure(item, error, NAME);
  }
}
