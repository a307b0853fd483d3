import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CanonicalImage } from '../../../src/domain/record.ts';
import { product, variant, attribute, pricing, stockPolicy } from './forms.ts';
import { openStore, type SandboxStore } from './sandbox-store.ts';

let store: SandboxStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const image = (key: string, path = `/ok/${key}.png`, alt = `alt ${key}`): CanonicalImage => ({
  key,
  url: store.pictures + path,
  alt,
});
const bring = (images: CanonicalImage[]) => store.driver.bring('product', '7', product({ images }));
const shown = () =>
  store
    .product()
    .images.toSorted((a, b) => a.sort_order - b.sort_order)
    .map(({ description, is_thumbnail: first }) => (first ? `*${description}` : description));
const imageRequests = () => store.requests().filter((request) => request.includes('/images'));

test('pictures go along with the create of their product', async () => {
  expect(await bring([image('1'), image('2')])).toBeNull();
  expect(shown()).toEqual(['*alt 1', 'alt 2']);
  expect(imageRequests()).toEqual([]);
});

test('a picture that is not there does not hold back the product or the others, and stays open', async () => {
  expect(await bring([image('1'), image('2', '/gone/2.png'), image('3')])).toBeNull();
  expect(shown()).toEqual(['*alt 1', 'alt 3']);
  const { open, targetId } = store.driver.heldOf({ entity: 'product', sourceId: '7' });
  expect(targetId).not.toBeNull();
  expect([...open.keys()]).toEqual(['images']);
  expect(open.get('images')).toMatch(/image-unreachable.*gone\/2\.png/);
});

test('the next picture leads when the main one is not there', async () => {
  await bring([image('1', '/gone/1.png'), image('2'), image('3')]);
  expect(shown()).toEqual(['*alt 2', 'alt 3']);
});

test('a picture that has come up since is added when the part is tried again, and none is doubled', async () => {
  await bring([image('1'), image('2', '/gone/2.png')]);
  const row = store.driver.target.entity('product');
  const ref = { entity: 'product' as const, sourceId: '7' };
  const parts = await store.driver.parts('product', '7', product({ images: [image('1'), image('2')] }));
  const item = store.driver.updateItem(row, ref, 'images', parts.get('images') ?? null);
  expect(item.lastDesired).toBeNull();
  expect(await store.driver.send('product', 'images', item)).toMatchObject({ outcome: 'written', unsettled: [] });
  expect(shown()).toEqual(['*alt 1', 'alt 2']);
});

test('pictures change by difference: one is added, one goes, one gets another text', async () => {
  await bring([image('1'), image('2'), image('3')]);
  store.requests();
  expect(await bring([image('2', '/ok/2.png', 'new'), image('3'), image('4')])).toBeNull();
  expect(shown()).toEqual(['*new', 'alt 3', 'alt 4']);
  const made = imageRequests();
  expect(made.filter((request) => request.startsWith('POST'))).toHaveLength(1);
  expect(made.filter((request) => request.startsWith('DELETE'))).toHaveLength(1);
});

test('another file under the same id replaces the picture', async () => {
  await bring([image('1')]);
  const before = store.product().images[0]?.id;
  expect(await bring([image('1', '/ok/other.png')])).toBeNull();
  expect(shown()).toEqual(['*alt 1']);
  expect(store.product().images[0]?.id).not.toBe(before);
});

test('a picture whose reply was lost is found in the list and not made twice', async () => {
  await bring([image('1')]);
  store.sandbox.controls.faults.add([
    { method: 'POST', route: 'images$', times: 1, fault: { kind: 'drop', applied: 'now' } },
  ]);
  expect(await bring([image('1'), image('2')])).toMatchObject({ outcome: 'uncertain' });
  expect(shown()).toHaveLength(2);
  const ref = { entity: 'product' as const, sourceId: '7' };
  store.driver.heldOf(ref).parts.delete('images');
  expect(await bring([image('1'), image('2')])).toBeNull();
  expect(shown()).toEqual(['*alt 1', 'alt 2']);
});

test("a merchant's own picture stays", async () => {
  await bring([image('1')]);
  const { id, images } = store.product();
  images.push({ id: 99_999, description: 'theirs', sort_order: 9, is_thumbnail: false });
  expect(await bring([image('1'), image('2')])).toBeNull();
  expect(await bring([image('2')])).toBeNull();
  expect(store.product().id).toBe(id);
  expect(shown()).toEqual(['*alt 2', 'theirs']);
});

test('a picture with an address that the target does not take is uploaded in its place', async () => {
  const odd = image('2', `/ok/${'x'.repeat(250)}.png`, 'läng');
  expect(await bring([image('1'), odd, image('3')])).toBeNull();
  expect(shown()).toEqual(['*alt 1', 'läng', 'alt 3']);
  store.requests();
  expect(await bring([image('1'), odd, image('3')])).toBeNull();
  expect(imageRequests()).toEqual([]);
});

test('an upload whose picture is not there stays open', async () => {
  expect(await bring([image('1', `/gone/${'x'.repeat(250)}.png`)])).toBeNull();
  expect([...store.driver.heldOf({ entity: 'product', sourceId: '7' }).open.keys()]).toEqual(['uploads']);
});

test('the picture of a variant that is not there leaves the variants as they are meant', async () => {
  const variants = ['S', 'M'].map((size, position) =>
    variant(
      `2${position}`,
      { Size: size },
      { position, image: image(size, position === 0 ? '/gone/s.png' : '/ok/m.png') },
    ),
  );
  const shirt = product({
    kind: 'variable',
    pricing: pricing(null),
    stock: stockPolicy({ status: null }),
    attributes: [attribute('Size', ['S', 'M'])],
    variants,
    images: [image('1')],
  });
  expect(await store.driver.bring('product', '7', shirt)).toBeNull();
  expect(store.product().variants.map(({ sku }) => sku)).toEqual(['TEA-1-20', 'TEA-1-21']);
  expect(shown()).toEqual(['*alt 1']);
  expect([...store.driver.heldOf({ entity: 'product', sourceId: '7' }).open.keys()]).toEqual(['variants']);
});
