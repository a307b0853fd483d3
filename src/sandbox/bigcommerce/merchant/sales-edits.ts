import { anyOf } from '../../shared/life/life.ts';
import { checkFields } from '../orders/order-rules.ts';
import { updateOrder } from '../orders/order-write.ts';
import { archiveOrder } from '../orders/orders.ts';
import type { OrderRow } from '../orders/rows.ts';
import { STATUSES } from '../orders/rows.ts';
import { createCustomer, removeCustomer, updateCustomer } from '../people/customers.ts';
import { key } from '../store/catalog.ts';
import type { Fields } from '../store/rows.ts';
import type { MerchantHappening, MerchantScene } from './scene.ts';

const given = ['Ada', 'Bo', 'Chidi', 'Dana', 'Élodie', 'Farid'];

function editOrder(
  kind: string,
  weight: number,
  change: (scene: MerchantScene, row: OrderRow) => Fields,
): MerchantHappening {
  return {
    kind,
    weight,
    happen: (scene) => {
      const row = anyOf(scene.random, scene.context.catalog.orders, (one) => !one.is_deleted);
      if (row === null) return null;
      const fields = change(scene, row);
      checkFields(scene.context, fields);
      updateOrder(scene.context, row, fields);
      return [`order ${row.id}`];
    },
  };
}

const orderEdits: MerchantHappening[] = [
  editOrder('order.status', 3, ({ random }, row) => {
    // Any but "Incomplete" and the one it has.
    const others = STATUSES.map((_name, id) => id).filter((id) => id !== 0 && id !== row.status_id);
    return { status_id: random.pick(others) };
  }),
  editOrder('order.staff-notes', 1, ({ random }) => ({ staff_notes: `Called, ${random.int(1, 9_999)}.` })),
  {
    kind: 'order.archive',
    weight: 0.3,
    happen: ({ context, random }) => {
      const row = anyOf(random, context.catalog.orders, (one) => !one.is_deleted);
      if (row === null) return null;
      archiveOrder(context, row);
      return [`order ${row.id}`];
    },
  },
];

const customerEdits: MerchantHappening[] = [
  {
    kind: 'customer.edit',
    weight: 2,
    happen: ({ context, random }) => {
      const row = anyOf(random, context.catalog.customers, () => true);
      if (row === null) return null;
      const phone = `+1 555 03${random.int(10, 99)}`;
      updateCustomer(context, row, random.pick([{ first_name: random.pick(given) }, { phone }, { notes: phone }]));
      return [`customer ${row.id}`];
    },
  },
  {
    kind: 'customer.add',
    weight: 1,
    happen: ({ context, random }) => {
      const email = `by.hand${random.int(1, 999_999_999)}@example.test`;
      if (context.catalog.emails.has(key(email))) return null;
      const row = createCustomer(context, { email, first_name: random.pick(given), last_name: 'Hand' });
      return [`customer ${row.id}`];
    },
  },
  {
    kind: 'customer.delete',
    weight: 0.4,
    happen: ({ context, random }) => {
      const row = anyOf(random, context.catalog.customers, () => true);
      if (row === null) return null;
      removeCustomer(context, row);
      return [`customer ${row.id}`];
    },
  },
];

export const salesEdits: MerchantHappening[] = [...orderEdits, ...customerEdits];
