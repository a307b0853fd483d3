import type { CanonicalAddress } from '../../../../domain/address.ts';
import type { CanonicalCustomer } from '../../../../domain/customer.ts';
import { stableJson } from '../../../../canonical/stable-json.ts';
import type { Findings } from '../findings.ts';
import { fittingText, type FullTexts } from '../texts.ts';

/** An address as the wire has it; `key` (billing, shipping, other-1, …) is not sent. */
export type WireAddress = {
  readonly key: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly company: string;
  readonly address1: string;
  readonly address2: string;
  readonly city: string;
  readonly state_or_province: string;
  readonly postal_code: string;
  readonly country_code: string;
  readonly phone: string;
};

/** Countries that have no postal codes, so that none is asked for there. */
const WITHOUT_CODES = new Set(
  (
    'AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GM GQ GY HK JM KI KM KN KP LC ML MO MR MW NR NU ' +
    'PA QA RW SB SC SL SR ST SY TD TG TK TL TO TT TV UG VU YE ZW'
  ).split(' '),
);

/** Billing, shipping, then the others, each that differs once (fidelity §6); what lacks country, street or city cannot be carried. */
export function customerAddresses(
  customer: CanonicalCustomer,
  names: { readonly first: string; readonly last: string },
  findings: Findings,
  full: FullTexts,
): { readonly addresses: readonly WireAddress[]; readonly roles: readonly string[] } {
  const billing = wireAddress('billing', customer.billing, names, findings, full);
  const shipping = wireAddress('shipping', customer.shipping, names, findings, full);
  const isSame = billing !== null && shipping !== null && sameButKey(billing, shipping);
  const roled = [billing, isSame ? null : shipping].filter((one) => one !== null);
  const roles = isSame ? ['billing+shipping'] : roled.map(({ key }) => key);
  const others = customer.otherAddresses
    .map((other, at) => wireAddress(`other-${at + 1}`, other, names, findings, full))
    .filter((one) => one !== null);
  return { addresses: distinct([...roled, ...others]), roles };
}

/** The target refuses an address that it has already. */
function distinct(addresses: readonly WireAddress[]): readonly WireAddress[] {
  return addresses.filter((one, at) => addresses.findIndex((other) => sameButKey(one, other)) === at);
}

function sameButKey({ key: _a, ...one }: WireAddress, { key: _b, ...other }: WireAddress): boolean {
  return stableJson(one) === stableJson(other);
}

function wireAddress(
  key: string,
  address: CanonicalAddress | null,
  names: { readonly first: string; readonly last: string },
  findings: Findings,
  full: FullTexts,
): WireAddress | null {
  if (address === null) return null;
  if (!/^[A-Z]{2}$/.test(address.country) || address.street1 === '' || address.city === '') {
    findings.report('incomplete-address-skipped', key);
    return null;
  }
  const text = (value: string, max: number, field: string) =>
    fittingText(value, max, `${key}.${field}`, findings, full);
  return {
    key,
    first_name: text(address.firstName, 255, 'first_name') || names.first,
    last_name: text(address.lastName, 255, 'last_name') || names.last,
    company: text(address.company, 255, 'company'),
    address1: text(address.street1, 255, 'address_1'),
    address2: text(address.street2, 255, 'address_2'),
    city: text(address.city, 100, 'city'),
    state_or_province: stateOf(key, address, findings),
    postal_code: postcodeOf(key, address, findings),
    country_code: address.country,
    phone: text(address.phone, 50, 'phone'),
  };
}

function stateOf(key: string, { state, stateName }: CanonicalAddress, findings: Findings): string {
  if (stateName === null || stateName === state) return state;
  findings.adjust(
    'state-code-to-name',
    `${key}.state`,
    state,
    stateName,
    'the target takes names of states, not codes',
  );
  return stateName;
}

function postcodeOf(key: string, { postcode, country }: CanonicalAddress, findings: Findings): string {
  if (postcode !== '' || WITHOUT_CODES.has(country)) return postcode;
  findings.adjust('postcode-placeholder', `${key}.postcode`, '', 'N/A', 'the target asks for a postal code there');
  return 'N/A';
}
