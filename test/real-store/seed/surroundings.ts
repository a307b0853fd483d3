import { inEnglish, operation, type SeedBench } from './bench.ts';

export interface Surroundings {
  /** Tax categories by name: 20 %, 5 % and none. */
  readonly tax: Readonly<Record<'standard' | 'reduced' | 'zero', string>>;
  readonly locations: readonly [main: string, second: string];
  readonly shipping: readonly [standard: string, express: string];
  readonly superAdminRole: string;
}

/** Codes of the payment methods: pays and refunds at once; refunds by hand; pays later. */
export const PAYMENTS = { card: 'card', transfer: 'bank-transfer', invoice: 'invoice' } as const;

const COUNTRIES = { US: 'United States', CA: 'Canada', DE: 'Germany', GB: 'United Kingdom', FR: 'France', JP: 'Japan' };
/** In words that the target's tax classes have too, since no two shops mean the same by others. */
const RATES = {
  standard: { name: 'Standard', value: 20 },
  reduced: { name: 'Reduced rate', value: 5 },
  zero: { name: 'Zero rate', value: 0 },
};

/** What a shop has before its first product: countries, taxes, stock locations, ways to pay and to ship. US dollars, net prices. */
export async function seedSurroundings({ admin }: SeedBench): Promise<Surroundings> {
  await admin.ask(`mutation { updateGlobalSettings(input: { availableLanguages: [en, de] }) { __typename } }`);
  const zone = await seedZone(admin);
  const tax = await seedTaxes(admin, zone);
  const { channels, stockLocations, roles } = await admin.ask<{
    channels: { items: [{ id: string }] };
    stockLocations: { items: [{ id: string }] };
    roles: { items: { id: string; code: string }[] };
  }>(`{ channels { items { id } } stockLocations { items { id } } roles { items { id code } } }`);
  await admin.ask(
    `mutation ($input: UpdateChannelInput!) { updateChannel(input: $input) { __typename ... on ErrorResult { errorCode message } } }`,
    {
      input: {
        id: channels.items[0].id,
        pricesIncludeTax: false,
        defaultCurrencyCode: 'USD',
        availableLanguageCodes: ['en', 'de'],
        defaultTaxZoneId: zone,
        defaultShippingZoneId: zone,
      },
    },
  );
  const { made } = await admin.ask<{ made: { id: string } }>(
    `mutation { made: createStockLocation(input: { name: "Second warehouse" }) { id } }`,
  );
  for (const [code, handler] of Object.entries({
    [PAYMENTS.card]: operation('refunding-payment-handler'),
    [PAYMENTS.transfer]: operation('dummy-payment-handler', { automaticSettle: true }),
    [PAYMENTS.invoice]: operation('dummy-payment-handler', { automaticSettle: false }),
  })) {
    const input = { code, enabled: true, handler, translations: [{ ...inEnglish(code)[0], description: '' }] };
    await admin.ask(`mutation ($input: CreatePaymentMethodInput!) { createPaymentMethod(input: $input) { id } }`, {
      input,
    });
  }
  const superAdmin = roles.items.find(({ code }) => code === '__super_admin_role__');
  return {
    tax,
    locations: [stockLocations.items[0].id, made.id],
    shipping: [await seedShipping(admin, 'Standard', 500), await seedShipping(admin, 'Express', 1_290)],
    superAdminRole: superAdmin?.id ?? '1',
  };
}

async function seedZone(admin: SeedBench['admin']): Promise<string> {
  const members: string[] = [];
  for (const [code, name] of Object.entries(COUNTRIES)) {
    const { country } = await admin.ask<{ country: { id: string } }>(
      `mutation ($input: CreateCountryInput!) { country: createCountry(input: $input) { id } }`,
      { input: { code, enabled: true, translations: inEnglish(name) } },
    );
    members.push(country.id);
  }
  const { zone } = await admin.ask<{ zone: { id: string } }>(
    `mutation ($members: [ID!]) { zone: createZone(input: { name: "Everywhere", memberIds: $members }) { id } }`,
    { members },
  );
  return zone.id;
}

async function seedTaxes(admin: SeedBench['admin'], zoneId: string): Promise<Surroundings['tax']> {
  const made: Record<string, string> = {};
  for (const [key, { name, value }] of Object.entries(RATES)) {
    const { category } = await admin.ask<{ category: { id: string } }>(
      `mutation ($name: String!, $first: Boolean) { category: createTaxCategory(input: { name: $name, isDefault: $first }) { id } }`,
      { name, first: key === 'standard' },
    );
    await admin.ask(`mutation ($input: CreateTaxRateInput!) { createTaxRate(input: $input) { id } }`, {
      input: { name: `${name} ${value} %`, enabled: true, value, categoryId: category.id, zoneId },
    });
    made[key] = category.id;
  }
  return made as Surroundings['tax'];
}

async function seedShipping(admin: SeedBench['admin'], name: string, rate: number): Promise<string> {
  const { method } = await admin.ask<{ method: { id: string } }>(
    `mutation ($input: CreateShippingMethodInput!) { method: createShippingMethod(input: $input) { id } }`,
    {
      input: {
        code: name.toLowerCase(),
        fulfillmentHandler: 'manual-fulfillment',
        checker: operation('default-shipping-eligibility-checker', { orderMinimum: 0 }),
        calculator: operation('default-shipping-calculator', { rate, includesTax: 'exclude', taxRate: 20 }),
        translations: [{ ...inEnglish(name)[0], description: '' }],
      },
    },
  );
  return method.id;
}
