import type { CanonicalAddress } from '../../../../domain/address.ts';
import type { CanonicalOrder } from '../../../../domain/order.ts';
import type { Json } from '../../../../domain/json.ts';
import type { Findings } from '../findings.ts';
import { isEmail } from '../people/customer.ts';
import { fittingText, type FullTexts } from '../texts.ts';

type Form = { readonly [field: string]: Json };

/** Not published for orders; that of customers' addresses. */
const MAX = 255;
const MAX_METHOD = 255;

/** Billing as it is, shipping where there is one or a method to tell of (fidelity §7). */
export function orderAddresses(
  order: CanonicalOrder,
  findings: Findings,
  full: FullTexts,
): { readonly billing: Form; readonly shipping: readonly Form[] } {
  const { billing } = order;
  const shipping = shippedTo(order.shipping);
  const billed: Form = { ...addressForm('billing', billing, shipping, findings, full), zip: zipOf(billing, findings) };
  const method = methodOf(order, findings, full);
  if (shipping !== null) {
    const form = addressForm('shipping', shipping, billing, findings, full);
    return { billing: billed, shipping: [{ ...form, email: billed['email'] ?? '', ...method }] };
  }
  findings.adjust('shipping-address-from-billing', 'shipping', null, 'billing', 'nothing was sent anywhere else');
  // The method has its place beside an address only.
  return { billing: billed, shipping: order.shippingLines.length > 0 ? [{ ...billed, ...method }] : [] };
}

function shippedTo(shipping: CanonicalAddress | null): CanonicalAddress | null {
  return shipping === null || (shipping.street1 === '' && shipping.city === '') ? null : shipping;
}

function methodOf({ shippingLines }: CanonicalOrder, findings: Findings, full: FullTexts): Form {
  if (shippingLines.length === 0) return {};
  const joined = shippingLines.map(({ title, method }) => title || method).join(' + ');
  if (shippingLines.length > 1) {
    const why = 'an order is sent in one way at the target';
    findings.adjust('several-shipping-lines-joined', 'shipping_lines', shippingLines.length, joined, why);
  }
  return { shipping_method: fittingText(joined, MAX_METHOD, 'shipping_method', findings, full) };
}

function addressForm(
  key: 'billing' | 'shipping',
  address: CanonicalAddress,
  other: CanonicalAddress | null,
  findings: Findings,
  full: FullTexts,
): Form {
  const text = (value: string, field: string) => fittingText(value, MAX, `${key}.${field}`, findings, full);
  const name = (own: string, others: string | undefined, field: string) => {
    const known = text(own, field) || text(others ?? '', field);
    if (known === '')
      findings.adjust('name-placeholder', `${key}.${field}`, '', '-', 'addresses have names at the target');
    return known || '-';
  };
  return {
    first_name: name(address.firstName, other?.firstName, 'first_name'),
    last_name: name(address.lastName, other?.lastName, 'last_name'),
    company: text(address.company, 'company'),
    street_1: text(address.street1, 'address_1'),
    street_2: text(address.street2, 'address_2'),
    city: text(address.city, 'city'),
    state: stateOf(key, address, findings),
    zip: text(address.postcode, 'postcode'),
    country: countryName(address.country),
    // What is no code is told by its name alone.
    country_iso2: isCode(address.country) ? address.country : '',
    phone: text(address.phone, 'phone'),
    ...(key === 'billing' ? { email: isEmail(address.email) ? address.email : '' } : {}),
  };
}

function stateOf(key: string, { state, stateName }: CanonicalAddress, findings: Findings): string {
  if (stateName === null || stateName === state) return state;
  const why = 'the target takes names of states, not codes';
  findings.adjust('state-code-to-name', `${key}.state`, state, stateName, why);
  return stateName;
}

function zipOf({ postcode }: CanonicalAddress, findings: Findings): string {
  const code = postcode.trim();
  if (code.length >= 2) return code;
  findings.adjust(
    'postcode-placeholder',
    'billing.postcode',
    code,
    'N/A',
    'the target asks for two characters or more',
  );
  return 'N/A';
}

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

function isCode(country: string): boolean {
  return /^[A-Z]{2}$/.test(country);
}

/** The target knows countries by name and by code; '' leaves it to the code. */
function countryName(country: string): string {
  return isCode(country) ? (countries.of(country)?.replace(/ SAR China$/, '') ?? '') : country;
}
