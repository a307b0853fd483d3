import { pngFor } from '../../../src/sandbox/woocommerce/uploads.ts';
import type { StoreApi } from '../store-api.ts';

const AT_ONCE = 20;

/** Uploads one small real picture for each name, and answers their ids in the same order. */
export async function uploadPictures(admin: StoreApi, names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const files = names
      .slice(from, from + AT_ONCE)
      .map((name) => new File([new Uint8Array(pngFor(name))], name, { type: 'image/png' }));
    ids.push(...(await upload(admin, files)));
  }
  return ids;
}

/** A file that is no picture, as shops keep manuals among their assets. */
export async function uploadManual(admin: StoreApi): Promise<string> {
  const [id] = await upload(admin, [new File(['%PDF-1.4\n%%EOF\n'], 'manual.pdf', { type: 'application/pdf' })]);
  return id ?? '';
}

async function upload(admin: StoreApi, files: readonly File[]): Promise<string[]> {
  const { assets } = await admin.upload<{ assets: { id: string }[] }>(
    `mutation ($input: [CreateAssetInput!]!) {
      assets: createAssets(input: $input) { ... on Asset { id } ... on ErrorResult { errorCode message } }
    }`,
    files,
  );
  return assets.map(({ id }) => id);
}
