import { RestError } from '../../rest/errors.ts';
import { text, textOf } from '../../rest/params.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import type { OrderNoteRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { nextId, nowSeconds } from '../../store/shop.ts';
import { naive } from '../../store/zone.ts';
import { orderChildLinks } from '../links.ts';

/** Notes do not bump their order (source-apis §1.4). */
export function addNote(shop: Shop, orderId: number, note: string, given: Partial<OrderNoteRow> = {}): OrderNoteRow {
  const row: OrderNoteRow = {
    id: nextId(shop, 'comment'),
    orderId,
    createdGmt: nowSeconds(shop),
    author: 'WooCommerce',
    note,
    customerNote: false,
    ...given,
  };
  const index = noteIndex(shop);
  shop.notes.set(row.id, row);
  index.size += 1;
  file(index, row);
  shop.revision += 1;
  return row;
}

interface NoteIndex {
  size: number;
  byOrder: Map<number, OrderNoteRow[]>;
}

const indexes = new WeakMap<Shop, NoteIndex>();

/** Order → its notes, so that a shop of 50,000 orders can be read in a test's time; rebuilt when rows went away. */
function noteIndex(shop: Shop): NoteIndex {
  const held = indexes.get(shop);
  if (held?.size === shop.notes.size) return held;
  const index: NoteIndex = { size: shop.notes.size, byOrder: new Map() };
  for (const row of shop.notes.values()) file(index, row);
  indexes.set(shop, index);
  return index;
}

function file(index: NoteIndex, row: OrderNoteRow): void {
  const list = index.byOrder.get(row.orderId);
  if (list) list.push(row);
  else index.byOrder.set(row.orderId, [row]);
}

export function noteWire(shop: Shop, row: OrderNoteRow): Record<string, unknown> {
  return {
    id: row.id,
    author: row.author,
    date_created: shop.zone.local(row.createdGmt),
    date_created_gmt: naive(row.createdGmt),
    note: row.note,
    customer_note: row.customerNote,
    _links: orderChildLinks(shop, 'notes', row.id, row.orderId),
  };
}

/** The whole list at once, oldest first (recording "list notes"). */
export const orderNotes: Resource = {
  path: '/wc/v3/orders/:order_id(^\\d+$)/notes',
  paged: false,
  listParams: {
    context: { type: 'string', default: 'view', enum: ['view', 'edit'] },
    type: { type: 'string', default: 'any', enum: ['any', 'customer', 'internal'] },
  },
  writeParams: {
    note: { type: 'string', required: true },
    customer_note: { type: 'boolean' },
    added_by_user: { type: 'boolean' },
  },
  list: (call) => {
    const type = text(call.params, 'type') ?? 'any';
    const rows = noteIndex(call.shop).byOrder.get(orderOf(call)) ?? [];
    return rows.filter((row) => type === 'any' || row.customerNote === (type === 'customer'));
  },
  render: ({ shop }, row: OrderNoteRow) => noteWire(shop, row),
  read: (call, id) => noteWire(call.shop, noteOr404(call, id)),
  create: (call, body) => {
    const { note, customer_note: customer, added_by_user: byUser } = body;
    const given = { customerNote: customer === true, author: byUser === true ? 'sandbox-admin' : 'WooCommerce' };
    return noteWire(call.shop, addNote(call.shop, orderOf(call), textOf(note), given));
  },
  remove: (call, id, force) => {
    const row = noteOr404(call, id);
    if (!force) throw new RestError('woocommerce_rest_trash_not_supported', 'Notes do not support trashing.', 501);
    call.shop.notes.delete(id);
    call.shop.revision += 1;
    return noteWire(call.shop, row);
  },
};

function orderOf(call: Call): number {
  const id = call.ids['order_id'] ?? 0;
  if (!call.shop.orders.has(id)) throw new RestError('woocommerce_rest_order_invalid_id', 'Invalid order ID.', 404);
  return id;
}

function noteOr404(call: Call, id: number): OrderNoteRow {
  const row = call.shop.notes.get(id);
  if (row?.orderId !== orderOf(call)) throw new RestError('woocommerce_rest_invalid_id', 'Invalid resource ID.', 404);
  return row;
}
