import { operation } from './bench.ts';
import type { StoreApi } from '../store-api.ts';

export interface OrderAtDesk {
  readonly id: string;
  readonly code: string;
  readonly state: string;
  readonly totalWithTax: number;
  readonly lines: readonly { readonly id: string; readonly quantity: number }[];
  readonly payments: readonly { readonly id: string; readonly amount: number }[];
}

const REFUSED = '... on ErrorResult { errorCode message }';

/** What the people of the shop do with orders, through the Admin API. */
export class OrderDesk {
  readonly #admin: StoreApi;

  constructor(admin: StoreApi) {
    this.#admin = admin;
  }

  async look(id: string): Promise<OrderAtDesk> {
    const { order } = await this.#admin.ask<{ order: OrderAtDesk }>(
      `query ($id: ID!) { order(id: $id) { id code state totalWithTax lines { id quantity } payments { id amount } } }`,
      { id },
    );
    return order;
  }

  /** Sends all of the lines, or of each but the last piece; `delivered` when the parcel has arrived. */
  async ship(id: string, { whole = true, delivered = false, tracked = true } = {}): Promise<void> {
    const { lines } = await this.look(id);
    const [first, ...others] = lines;
    const sent = whole ? lines : first === undefined ? [] : [{ ...first, quantity: 1 }, ...others.slice(1)];
    const { parcel } = await this.#admin.ask<{ parcel: { id: string } }>(
      `mutation ($input: FulfillOrderInput!) { parcel: addFulfillmentToOrder(input: $input) { ... on Fulfillment { id } ${REFUSED} } }`,
      {
        input: {
          lines: sent.map((line) => ({ orderLineId: line.id, quantity: line.quantity })),
          handler: operation('manual-fulfillment', { method: 'DHL', trackingCode: tracked ? `TRACK-${id}` : '' }),
        },
      },
    );
    for (const state of delivered ? ['Shipped', 'Delivered'] : ['Shipped']) {
      await this.#admin.ask(
        `mutation ($id: ID!, $state: String!) {
          moved: transitionFulfillmentToState(id: $id, state: $state) { ... on Fulfillment { id } ${REFUSED} }
        }`,
        { id: parcel.id, state },
      );
    }
  }

  async settle(id: string): Promise<void> {
    const { payments } = await this.look(id);
    await this.#admin.ask(
      `mutation ($id: ID!) { settled: settlePayment(id: $id) { ... on Payment { id } ${REFUSED} } }`,
      { id: payments.at(-1)?.id },
    );
  }

  /** Cancels the order, or one piece of its first line. */
  async cancel(id: string, { whole = true, reason = 'changed their mind' } = {}): Promise<void> {
    const { lines } = await this.look(id);
    const some = lines.slice(0, 1).map((line) => ({ orderLineId: line.id, quantity: 1 }));
    await this.#admin.ask(
      `mutation ($input: CancelOrderInput!) { cancelled: cancelOrder(input: $input) { ... on Order { id } ${REFUSED} } }`,
      { input: { orderId: id, reason, cancelShipping: whole, ...(whole ? {} : { lines: some }) } },
    );
  }

  /** Gives back an amount in minor units, or all that was paid; a refund by hand waits until it is settled. */
  async refund(id: string, { amount, settled = false }: { amount?: number; settled?: boolean } = {}): Promise<void> {
    const { payments } = await this.look(id);
    const payment = payments.find((candidate) => candidate.amount > 0) ?? { id: '', amount: 0 };
    const { refund } = await this.#admin.ask<{ refund: { id: string; state: string } }>(
      `mutation ($input: RefundOrderInput!) { refund: refundOrder(input: $input) { ... on Refund { id state } ${REFUSED} } }`,
      // The last two are deprecated, and the database wants them all the same.
      {
        input: {
          paymentId: payment.id,
          amount: amount ?? payment.amount,
          reason: 'came back',
          shipping: 0,
          adjustment: 0,
        },
      },
    );
    if (!settled || refund.state === 'Settled') return;
    await this.#admin.ask(
      `mutation ($input: SettleRefundInput!) { settled: settleRefund(input: $input) { ... on Refund { id } ${REFUSED} } }`,
      { input: { id: refund.id, transactionId: `by-hand-${refund.id}` } },
    );
  }

  async note(id: string, note: string, isPublic: boolean): Promise<void> {
    await this.#admin.ask(`mutation ($input: AddNoteToOrderInput!) { addNoteToOrder(input: $input) { id } }`, {
      input: { id, note, isPublic },
    });
  }

  /** Puts a fee on a paid order, which is then paid by hand. */
  async addFee(id: string, price: number): Promise<void> {
    await this.#move(id, 'Modifying');
    const fee = {
      description: 'Gift wrap',
      sku: 'WRAP',
      price,
      priceIncludesTax: false,
      taxRate: 20,
      taxDescription: 'VAT',
    };
    await this.#admin.ask(
      `mutation ($input: ModifyOrderInput!) { changed: modifyOrder(input: $input) { ... on Order { id } ${REFUSED} } }`,
      { input: { dryRun: false, orderId: id, surcharges: [fee] } },
    );
    await this.#move(id, 'ArrangingAdditionalPayment');
    await this.#payByHand(id, 'cash');
    await this.#move(id, 'PaymentSettled');
  }

  /** An order that the shop's people take by telephone, paid in cash. */
  async sell(sale: {
    readonly customerId: string;
    readonly items: readonly { readonly productVariantId: string; readonly quantity: number }[];
    readonly address: object;
    readonly shippingMethod: string;
  }): Promise<string> {
    const { order } = await this.#admin.ask<{ order: { id: string } }>(`mutation { order: createDraftOrder { id } }`);
    const { id } = order;
    const changed = `... on Order { id } ${REFUSED}`;
    for (const input of sale.items) {
      await this.#admin.ask(
        `mutation ($id: ID!, $input: AddItemToDraftOrderInput!) { added: addItemToDraftOrder(orderId: $id, input: $input) { ${changed} } }`,
        { id, input },
      );
    }
    await this.#admin.ask(
      `mutation ($id: ID!, $customer: ID!, $address: CreateAddressInput!, $method: ID!) {
        who: setCustomerForDraftOrder(orderId: $id, customerId: $customer) { ${changed} }
        shipping: setDraftOrderShippingAddress(orderId: $id, input: $address) { id }
        billing: setDraftOrderBillingAddress(orderId: $id, input: $address) { id }
        method: setDraftOrderShippingMethod(orderId: $id, shippingMethodId: $method) { ${changed} }
      }`,
      { id, customer: sale.customerId, address: sale.address, method: sale.shippingMethod },
    );
    await this.#move(id, 'ArrangingPayment');
    await this.#payByHand(id, 'cash');
    return id;
  }

  async #payByHand(orderId: string, method: string): Promise<void> {
    await this.#admin.ask(
      `mutation ($input: ManualPaymentInput!) { paid: addManualPaymentToOrder(input: $input) { ... on Order { id } ${REFUSED} } }`,
      { input: { orderId, method, transactionId: `${method}-${orderId}`, metadata: {} } },
    );
  }

  async #move(id: string, state: string): Promise<void> {
    await this.#admin.ask(
      `mutation ($id: ID!, $state: String!) {
        moved: transitionOrderToState(id: $id, state: $state) { ... on Order { id } ${REFUSED} }
      }`,
      { id, state },
    );
  }
}
