import { StoreApi } from '../store-api.ts';
import { MEMBERS_PASSWORD, type Person, type SeededCustomer } from './customers.ts';

export interface Purchase {
  readonly items: readonly { readonly productVariantId: string; readonly quantity: number }[];
  readonly shippingAddress: object;
  /** Default: as the shipping address, which is what Vendure keeps when none is given. */
  readonly billingAddress?: object | undefined;
  readonly shippingMethod: string;
  readonly couponCode?: string | undefined;
  /** Code of a payment method; undefined: the basket is left at the till. */
  readonly payment?: string | undefined;
  /** Whether a first card is refused. */
  readonly declinedFirst?: boolean;
}

const ORDER = `... on Order { id } ... on ErrorResult { errorCode message }`;

/** Somebody at the till: a guest, or a customer who is logged in. */
export class Shopper {
  readonly #shop: StoreApi;
  readonly #guest: Person | undefined;

  private constructor(shop: StoreApi, guest?: Person) {
    this.#shop = shop;
    this.#guest = guest;
  }

  static guest(url: string, person: Person): Shopper {
    return new Shopper(new StoreApi(url, 'shop-api'), person);
  }

  static async member(url: string, { emailAddress }: SeededCustomer): Promise<Shopper> {
    const shop = new StoreApi(url, 'shop-api');
    await shop.login({ user: emailAddress, password: MEMBERS_PASSWORD });
    return new Shopper(shop);
  }

  /** Buys through the Shop API as a storefront does; answers the order's id. Throws StoreRefusal when the shop says no. */
  async buy(purchase: Purchase): Promise<string> {
    const { items, shippingAddress, billingAddress = shippingAddress, shippingMethod, couponCode } = purchase;
    const { added } = await this.#shop.ask<{ added: { order: { id: string }; errorResults: { errorCode: string }[] } }>(
      `mutation ($items: [AddItemInput!]!) {
        added: addItemsToOrder(inputs: $items) { order { id } errorResults { ... on ErrorResult { errorCode message } } }
      }`,
      { items },
    );
    const [refused] = added.errorResults;
    if (refused !== undefined) throw new Error(`the shop did not take it: ${JSON.stringify(refused)}`);
    const guest = this.#guest === undefined ? '' : `customer: setCustomerForOrder(input: $customer) { ${ORDER} }`;
    const coupon = couponCode === undefined ? '' : `coupon: applyCouponCode(couponCode: $code) { ${ORDER} }`;
    const given = [
      ...(guest === '' ? [] : ['$customer: CreateCustomerInput!']),
      ...(coupon === '' ? [] : ['$code: String!']),
    ];
    await this.#shop.ask(
      `mutation ($shipping: CreateAddressInput!, $billing: CreateAddressInput!, $method: [ID!]!, ${given.join(', ')}) {
        ${guest}
        shipping: setOrderShippingAddress(input: $shipping) { ${ORDER} }
        billing: setOrderBillingAddress(input: $billing) { ${ORDER} }
        method: setOrderShippingMethod(shippingMethodId: $method) { ${ORDER} }
        ${coupon}
        till: transitionOrderToState(state: "ArrangingPayment") { ${ORDER} }
      }`,
      {
        shipping: shippingAddress,
        billing: billingAddress,
        method: [shippingMethod],
        ...(guest === '' ? {} : { customer: this.#guest }),
        ...(coupon === '' ? {} : { code: couponCode }),
      },
    );
    await this.#pay(purchase);
    return added.order.id;
  }

  async #pay({ payment, declinedFirst = false }: Purchase): Promise<void> {
    if (payment === undefined) return;
    const pay = (metadata: object) =>
      this.#shop.ask(`mutation ($input: PaymentInput!) { paid: addPaymentToOrder(input: $input) { ${ORDER} } }`, {
        input: { method: payment, metadata },
      });
    if (declinedFirst) await pay({ shouldDecline: true }).catch(() => {});
    await pay({});
  }
}
