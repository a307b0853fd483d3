import type { FastifyInstance } from 'fastify';
import type { Fields } from '../store/rows.ts';
import type { RouteContext } from './context.ts';

/** Mails to shoppers by kind, where orders are announced, how orders move stock (bigcommerce-api §5.1, §8). */
export interface StoreSettings {
  emails: Record<string, boolean>;
  orders: { notifications: Record<'order_placed' | 'forward_invoice', { email_addresses: string[] }> };
  inventory: Fields;
}

const EMAILS = [
  'abandoned_cart_email',
  'account_details_changed_email',
  'combined_order_status_email',
  'createaccount_email',
  'createguestaccount_email',
  'giftcertificate_email',
  'invoice_email',
  'ordermessage_notification',
  'product_review_email',
  'return_confirmation_email',
  'return_statuschange_email',
];

/** A store that is made ready for a migration: no mail of any kind goes out. */
export function defaultSettings(): StoreSettings {
  return {
    emails: Object.fromEntries(EMAILS.map((name) => [name, false])),
    orders: { notifications: { order_placed: { email_addresses: [] }, forward_invoice: { email_addresses: [] } } },
    inventory: { update_stock_behavior: 'order_placed', edit_order_stock_adjustment: 'adjust_stock' },
  };
}

const answer = (data: object) => ({ data, meta: {} });

export function addSettings(app: FastifyInstance, { catalog, changed }: RouteContext): void {
  const { settings } = catalog;
  const routes = {
    '/v3/settings/email-statuses': 'emails',
    '/v3/orders/settings': 'orders',
    '/v3/settings/inventory': 'inventory',
  } as const;
  for (const [path, kind] of Object.entries(routes)) {
    app.get(path, () => answer(settings[kind]));
    app.put(path, (request) => {
      Object.assign(settings[kind], request.body as object);
      changed();
      return answer(settings[kind]);
    });
  }
}
