import type { JsonObject } from '../../../domain/json.ts';
import { withoutBlanks } from '../projection/field-changes.ts';

/** A variant as a product create takes it; what is blank is inherited or empty anyway. */
export function variantBody({ key: _key, image_url: image, ...row }: JsonObject, withPicture: boolean): JsonObject {
  return { ...withoutBlanks(row), ...(withPicture && image !== '' && image !== undefined ? { image_url: image } : {}) };
}
