import type { CanonicalCustomer } from '../../../../domain/customer.ts';
import type { Json } from '../../../../domain/json.ts';
import type { WantedKey } from '../../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../../target.ts';
import { createFindings, type Findings } from '../findings.ts';
import { ownMetafields, shopMetafields } from '../metafields.ts';
import { fittingText, type FullTexts } from '../texts.ts';
import { customerAddresses } from './addresses.ts';

export const CUSTOMER_EMAIL = 'customer-email';
const MAX_NAME = 100;

/** The e-mail is who a customer is at the target; a second account of the same one has to be merged by a person. */
export function customerKeys(sourceId: string, customer: CanonicalCustomer): readonly WantedKey[] {
  if (!isEmail(customer.email)) return [];
  const alternatives = [customer.email, takenBy(sourceId)];
  return [{ slot: 'email', kind: CUSTOMER_EMAIL, scope: '', alternatives, role: 'identity' }];
}

/** No e-mail address, so that nobody can hold it: says that the real one is another account's. */
function takenBy(sourceId: string): string {
  return `taken for ${sourceId}`;
}

/** The whole of a customer, by the rulebook (fidelity §6). Never a mail: the password is asked for at the next log-in. */
export function mapCustomer(sourceId: string, customer: CanonicalCustomer, context: MapContext): Mapped {
  const findings = createFindings();
  const skipped = skipReason(customer, findings);
  if (skipped !== null) {
    return { outcome: 'skip', reason: skipped, adjustments: findings.adjustments, reports: findings.reports };
  }
  if (context.keys['email'] === takenBy(sourceId)) {
    return {
      outcome: 'refuse',
      reason: 'Another account of the shop has this e-mail address already; the target allows it once',
      remedy: 'Merge the two accounts, or give one of them another e-mail address, then retry it',
    };
  }
  const full: FullTexts = new Map();
  const names = namesOf(customer, findings, full);
  const { addresses, roles } = customerAddresses(customer, names, findings, full);
  const core: Record<string, Json> = {
    email: customer.email,
    first_name: names.first,
    last_name: names.last,
    company: fittingText(customer.billing?.company ?? '', 255, 'company', findings, full),
    phone: fittingText(customer.phone || (customer.billing?.phone ?? ''), 50, 'phone', findings, full),
    customer_group_id: groupOf(customer, context, findings),
    authentication: { force_password_reset: true },
  };
  const why = 'passwords cannot be read: shoppers choose a new one when they log in; no mail is sent';
  findings.adjust('password-reset-required', 'password', null, 'force_password_reset', why);
  noteBalances(customer, context.source.platform, findings);
  const metafields = [
    ...ownMetafields(`${context.sourceKey}:${sourceId}`, keptOf(customer, roles, findings), full, findings),
    ...shopMetafields(context.source.platform, customer.meta, new Set(), 'meta', findings),
  ];
  return {
    outcome: 'write',
    parts: [
      { part: 'core', desired: core },
      { part: 'addresses', desired: addresses },
      { part: 'metafields', desired: metafields },
    ],
    adjustments: findings.adjustments,
    reports: findings.reports,
  };
}

function skipReason(customer: CanonicalCustomer, findings: Findings): string | null {
  if (customer.isGuest) {
    findings.report('guest-without-account', 'user');
    return 'it belongs to somebody who ordered and never registered: the orders are those of a guest';
  }
  if (customer.isStaff && !customer.hasOrders) {
    findings.report('staff-account-skipped', 'role', customer.role);
    return 'it belongs to somebody who works for the shop and never ordered';
  }
  if (isEmail(customer.email)) return null;
  findings.report('customer-email-missing', 'email');
  return 'it has no e-mail address that the target would take: its orders become guest orders';
}

export function isEmail(text: string): boolean {
  return text.length >= 3 && text.length <= 250 && /^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+$/.test(text);
}

/** Own, else of an address, else made up: the target asks for both (fidelity §6). */
function namesOf(customer: CanonicalCustomer, findings: Findings, full: FullTexts) {
  const { billing, shipping } = customer;
  const first = customer.firstName || billing?.firstName || shipping?.firstName || '';
  const last = customer.lastName || billing?.lastName || shipping?.lastName || '';
  return {
    first: filled(first, customer.email.split('@')[0] ?? '-', 'first_name', findings, full),
    last: filled(last, '-', 'last_name', findings, full),
  };
}

function filled(name: string, placeholder: string, field: string, findings: Findings, full: FullTexts): string {
  const text = fittingText(name, MAX_NAME, field, findings, full);
  if (text !== '') return text;
  const instead = fittingText(placeholder, MAX_NAME, field, findings, full) || '-';
  // The placeholder may be made of the e-mail address: it is not repeated in the history.
  findings.adjust('name-placeholder', field, name, 'a placeholder', 'the target asks for a first and a last name');
  return instead;
}

/** 0 = none. A role that the mapping names goes where it says, every other one to the group of its own name (§6.1). */
function groupOf(customer: CanonicalCustomer, context: MapContext, findings: Findings): number {
  const chosen = context.mapping.customerGroups[customer.role];
  if (chosen !== undefined) return Number(chosen || 0);
  if (customer.group === null) return 0;
  const id = Number(context.targetIdOf({ entity: 'customer_group', sourceId: customer.group }) ?? 0);
  findings.adjust('role-as-group', 'role', customer.role, id, 'the target has groups of shoppers, not roles');
  return id;
}

/** What plugins keep for a shopper that is worth something (fidelity §6): kept to be read, and of no effect at the target. */
const WORTH = /store_?credit|wallet|points|reward|loyalty|gift_?balance|vat_?(?:number|id)|tax_?exempt/i;

function noteBalances({ meta }: Pick<CanonicalCustomer, 'meta'>, platform: string, findings: Findings): void {
  for (const { key, value } of meta) {
    if (!WORTH.test(key) || value === '' || value === null) continue;
    const why = 'what a plugin keeps has no effect at the target until somebody sets it up there';
    findings.adjust('plugin-balance-in-metafield', `meta.${key}`, key, `${platform}/${key}`, why);
  }
}

/** What has no field at the target (fidelity §6). */
function keptOf(customer: CanonicalCustomer, roles: readonly string[], findings: Findings): Record<string, Json> {
  const kept: Record<string, Json> = {};
  if (customer.username !== '') {
    kept['username'] = customer.username;
    findings.adjust('username-login-lost', 'username', null, 'storeferry/username', 'shoppers log in by e-mail');
  }
  if (roles.length > 0) {
    kept['address_roles'] = roles.join(',');
    const why = 'addresses have no role at the target';
    findings.adjust('address-role-in-metafield', 'addresses', [...roles], 'storeferry/address_roles', why);
  }
  const billing = customer.billing?.email ?? '';
  if (billing !== '' && billing.toLowerCase() !== customer.email.toLowerCase()) {
    kept['billing_email'] = billing;
    const why = 'a customer has one e-mail address at the target';
    findings.adjust('billing-email-in-metafield', 'billing.email', null, 'storeferry/billing_email', why);
  }
  if (customer.createdAt !== null) {
    kept['date_created'] = customer.createdAt;
    const why = 'the target stamps customers itself';
    findings.adjust('created-date-in-metafield', 'date_created', customer.createdAt, 'storeferry/date_created', why);
  }
  return kept;
}
