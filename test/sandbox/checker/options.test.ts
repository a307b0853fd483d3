import { describe, expect, it } from 'vitest';
import { checkStores } from '../../../src/sandbox/checker/check-stores.ts';

/** One brand on both sides, as small as two stores can be. */
const source = {
  baseUrl: 'https://shop.example.test',
  brands: [{ id: 7, name: 'Acme', slug: 'acme', description: '', menu_order: 0 }],
};
const brand = (more: object = {}) => ({
  id: 70,
  name: 'Acme',
  custom_url: { url: '/brand/acme/' },
  image_url: '',
  page_title: '',
  meta_description: '',
  ...more,
});
const marker = (id: number) => ({
  namespace: 'storeferry',
  key: 'source_id',
  value: `key:${id}`,
  permission_set: 'app_only',
});
const target = (...rows: object[]) => ({ brands: rows, metafields: { brands: { 70: [marker(7)] } } });

describe('the checker', () => {
  it('says nothing of two stores that agree', () => {
    const report = checkStores({ source, target: target(brand()) });
    expect(report).toMatchObject({ ok: true, lost: [], doubled: [], different: [], foreign: [] });
    expect(report.entities.brand).toMatchObject({ source: 1, target: 1, failed: 0 });
  });

  it('counts what its caller knows to be missing apart', () => {
    expect(checkStores({ source, target: target() })).toMatchObject({
      ok: false,
      lost: [{ entity: 'brand', sourceId: '7' }],
    });
    const options = { expectedMissing: (entity: string, id: number) => entity === 'brand' && id === 7 };
    const report = checkStores({ source, target: target(), options });
    expect(report.ok).toBe(true);
    expect(report.entities.brand.failed).toBe(1);
  });

  it("lets other people's records be where its caller says so", () => {
    const both = target(brand(), { id: 71, name: 'Other', custom_url: { url: '/other/' } });
    expect(checkStores({ source, target: both })).toMatchObject({ ok: false, foreign: [{ targetId: '71' }] });
    expect(checkStores({ source, target: both, options: { allowForeign: true } }).ok).toBe(true);
  });

  it('looks only at the entities and scopes that it is asked for', () => {
    const wrong = target(brand({ name: 'Acme Inc' }));
    expect(checkStores({ source, target: wrong }).different).toMatchObject([{ field: 'name', expected: 'Acme' }]);
    expect(checkStores({ source, target: wrong, options: { entities: ['product'] } }).ok).toBe(true);
    expect(checkStores({ source, target: wrong, options: { scopes: ['seo'] } }).ok).toBe(true);
  });

  it('finds a marker twice, one that other apps could read, and one of nobody', () => {
    const twice = {
      brands: [brand(), brand({ id: 71 })],
      metafields: { brands: { 70: [marker(7)], 71: [marker(7)] } },
    };
    expect(checkStores({ source, target: twice }).doubled).toMatchObject([{ targetId: '71' }]);
    const open = { brands: [brand()], metafields: { brands: { 70: [{ ...marker(7), permission_set: 'read' }] } } };
    expect(checkStores({ source, target: open }).different).toMatchObject([{ expected: 'app_only', target: 'read' }]);
    const left = { brands: [brand()], metafields: { brands: { 70: [marker(8)] } } };
    expect(checkStores({ source, target: left }).different).toMatchObject([
      { sourceId: '8', expected: 'gone or hidden' },
    ]);
  });

  it.each([null, 7, 'text', [], { products: 'x', brands: [null, 3, {}] }, { products: [{ id: 'x', variations: 5 }] }])(
    'makes something of the state %j instead of failing',
    (state) => {
      expect(checkStores({ source: state, target: state }).lost).toEqual(expect.any(Array));
      expect(checkStores({ source, target: state }).ok).toBe(false);
    },
  );
});
