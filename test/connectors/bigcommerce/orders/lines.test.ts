import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fee, line, mapped, NOTHING } from './order-form.ts';

const AT_TARGET = { ids: { 'product:7': '70' } };
const children = (...pairs: (readonly [kind: string, sourceId: string, targetId: string])[]) => ({
  ...AT_TARGET,
  children: { 'product:7': pairs.map(([kind, sourceId, targetId]) => ({ kind, sourceId, targetId })) },
});
const productOf = (form: ReturnType<typeof mapped>) => form.parts['lines'].products[0];

describe('a line', () => {
  it('leads to its product, at the price of one piece before discounts', () => {
    const total = { amount: '15.00', tax: '1.50' };
    const form = mapped({ lines: [line('1', { total })] }, AT_TARGET);
    expect(productOf(form)).toEqual({
      name: 'Green tea',
      quantity: 2,
      price_ex_tax: '10.0000',
      price_inc_tax: '11.0000',
      product_id: 70,
      variant_id: null,
      sku: '',
      upc: '',
    });
    expect(form.adjusted).toContain('line-discount-at-order-level');
    expect(form.adjusted).not.toContain('order-line-custom');
  });

  it.each([
    [
      'a variation',
      '21',
      children(['variant', '21', '210'], ['variant', '22', '220']),
      { product_id: 70, variant_id: 210 },
    ],
    [
      'a variation that became the product',
      '21',
      children(['base_variant', '21', '70']),
      { product_id: 70, variant_id: null },
    ],
  ])('of %s leads to it', (_what, variant, context, expected) => {
    expect(productOf(mapped({ lines: [line('1', { variant })] }, context))).toMatchObject(expected);
  });

  it.each([
    ['no product is named', { product: null }, AT_TARGET],
    ['its product is not there', {}, {}],
    ['its variation is not there', { variant: '23' }, children(['variant', '21', '210'])],
    ['its variation was removed', { variant: '21' }, children(['variant', '21', ''])],
    ['its variation became several', { variant: '21' }, children(['variant', '21', '210'], ['variant', '21#2', '211'])],
    ['nobody knows which variation', {}, children(['variant', '21', '210'])],
    ['its product asks for an answer', {}, children(['modifier', 'engraving', '5'])],
  ])('stands for itself when %s', (_why, more, context) => {
    const form = mapped({ lines: [line('1', { gtin: '0123-45678905', ...more })] }, context);
    expect(productOf(form)).toMatchObject({ product_id: null, variant_id: null, sku: 'TEA-1', upc: '012345678905' });
    expect(form.adjusted).toContain('order-line-custom');
  });

  it.each(['2.5', '0', '0.25'])('of %s pieces is one piece that costs the whole line', (quantity) => {
    const form = mapped({ lines: [line('1', { quantity })] });
    expect(productOf(form)).toMatchObject({ name: `Green tea × ${quantity}`, quantity: 1, price_ex_tax: '20.0000' });
    expect(form.adjusted).toContain('fractional-quantity-folded');
  });

  it('says when a price of one piece cannot hold the line to the cent', () => {
    const many = mapped({ lines: [line('1', { quantity: '3000', subtotal: { amount: '1000', tax: '0' } })] });
    expect(productOf(many).price_ex_tax).toBe('0.3333');
    expect(many.adjusted).toContain('line-unit-rounded');
    const few = mapped({ lines: [line('1', { quantity: '3', subtotal: { amount: '10', tax: '0' } })] });
    expect(productOf(few).price_ex_tax).toBe('3.3333');
    expect(few.adjusted).not.toContain('line-unit-rounded');
  });

  it('tells the choices that its name does not', () => {
    const options = [
      { name: 'Size', value: 'M' },
      { name: 'Engraving', value: '<b>For Ann</b>' },
    ];
    const form = mapped({ lines: [line('1', { name: 'Mug - M', options })] });
    expect(productOf(form).name).toBe('Mug - M (Engraving: For Ann)');
    expect(form.adjusted).toContain('line-options-in-name');
    expect(productOf(mapped({ lines: [line('1', { name: 'Mug', options: options.slice(0, 1) })] })).name).toBe(
      'Mug (Size: M)',
    );
  });

  it('keeps a name that is too long whole', () => {
    const form = mapped({ lines: [line('1', { name: 'long '.repeat(80), quantity: '1.5' })] });
    expect(productOf(form).name.length).toBeLessThanOrEqual(250);
    expect(productOf(form).name).toMatch(/ × 1\.5$/);
    expect(form.adjusted).toContain('text-truncated');
    expect(JSON.stringify(form.parts['metafields'])).toContain('full_lines.1.name');
  });

  it('is made up for an order that has none', () => {
    const form = mapped({ lines: [], total: { incTax: '5', tax: '0' } });
    expect(form.parts['lines'].products).toMatchObject([{ name: 'Order', quantity: 1, price_ex_tax: '0.0000' }]);
    expect(form.adjusted).toContain('empty-order-line');
  });

  it('differs from its pieces by no more than their rounding', () => {
    assert(
      property(integer({ min: 0, max: 10_000_000 }), integer({ min: 1, max: 500 }), (cents, pieces) => {
        const amount = (cents / 100).toFixed(2);
        const form = mapped({ lines: [line('1', { quantity: String(pieces), subtotal: { amount, tax: '0' } })] });
        const back = Number(productOf(form).price_ex_tax) * pieces;
        expect(Math.abs(back - Number(amount))).toBeLessThanOrEqual(Math.max(0.005, 0.00005 * pieces) + 1e-9);
      }),
    );
  });
});

describe('fees', () => {
  it('are fees when they cost, a part of the discount when they do not', () => {
    const fees = [fee('Gift wrap', '1.5', '0.15'), fee('Loyalty', '-3', '-0.3')];
    const form = mapped({ fees, discountTotal: { amount: '2', tax: '0.2' } });
    expect(form.parts['lines'].fees).toEqual([
      { type: 'custom_fee', display_name_customer: 'Gift wrap', cost_ex_tax: '1.50', cost_inc_tax: '1.65' },
    ]);
    expect(form.parts['core'].discount_amount).toBe('5.00');
    expect(form.adjusted).toContain('negative-fee-as-discount');
    expect(mapped({ fees, discountTotal: NOTHING, pricesIncludeTax: true }).parts['core'].discount_amount).toBe('3.30');
  });
});
