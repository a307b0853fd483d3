import { createRandom, type Random } from '../../src/sandbox/shared/random.ts';
import type { RealStore } from './real-store.ts';
import { Shopper } from './seed/checkout.ts';
import { MEMBERS_PASSWORD, newAddress, newPerson, type Person } from './seed/customers.ts';
import { OrderDesk } from './seed/order-desk.ts';
import { PAYMENTS } from './seed/surroundings.ts';
import { StoreApi } from './store-api.ts';

/** What happens in a store while it is migrated: shoppers at the Shop API, the shop's people at the Admin API. */
export class StoreLife {
  /** What becomes of orders after they were placed. */
  readonly desk: OrderDesk;
  readonly #url: string;
  readonly #admin: StoreApi;
  readonly #random: Random;
  #people = 0;

  private constructor(url: string, admin: StoreApi, seed: number) {
    this.#url = url;
    this.#admin = admin;
    this.#random = createRandom(seed);
    this.desk = new OrderDesk(admin);
  }

  static async of(store: Pick<RealStore, 'url' | 'login'>, seed: number): Promise<StoreLife> {
    return new StoreLife(store.url, await StoreApi.admin(store.url, store.login), seed);
  }

  /** In minor units, without tax. Vendure stamps the variant, and not the product. */
  async setPrice(variant: string, price: number): Promise<void> {
    await this.#updateVariant({ id: variant, price });
  }

  async restock(variant: string, stockOnHand: number): Promise<void> {
    await this.#updateVariant({ id: variant, stockOnHand });
  }

  async setSku(variant: string, sku: string): Promise<void> {
    await this.#updateVariant({ id: variant, sku });
  }

  async renameProduct(product: string, name: string): Promise<void> {
    await this.#updateProduct({ id: product, translations: [{ languageCode: 'en', name }] });
  }

  async switchProduct(product: string, enabled: boolean): Promise<void> {
    await this.#updateProduct({ id: product, enabled });
  }

  async renameCollection(collection: string, name: string): Promise<void> {
    await this.#admin.ask(`mutation ($input: UpdateCollectionInput!) { updateCollection(input: $input) { id } }`, {
      input: { id: collection, translations: [{ languageCode: 'en', name }] },
    });
  }

  /** Leaves no trace in the API but its absence. */
  async deleteProduct(product: string): Promise<void> {
    await this.#delete('deleteProduct', product);
  }

  async deleteVariant(variant: string): Promise<void> {
    await this.#delete('deleteProductVariant', variant);
  }

  async deleteCustomer(customer: string): Promise<void> {
    await this.#delete('deleteCustomer', customer);
  }

  /** Somebody makes an account at the shop. */
  async register(person: Person = this.#newPerson('member')): Promise<Person> {
    await new StoreApi(this.#url, 'shop-api').ask(
      `mutation ($input: RegisterCustomerInput!) {
        registerCustomerAccount(input: $input) { __typename ... on ErrorResult { errorCode message } }
      }`,
      { input: { ...person, password: MEMBERS_PASSWORD } },
    );
    return person;
  }

  async renameCustomer(customer: string, lastName: string): Promise<void> {
    await this.#admin.ask(
      `mutation ($input: UpdateCustomerInput!) {
        updateCustomer(input: $input) { __typename ... on ErrorResult { errorCode message } }
      }`,
      { input: { id: customer, lastName } },
    );
  }

  /** A guest buys some pieces of a variant and pays; answers the order's id. */
  async placeOrder(variant: string, { pieces = 1, shippingMethod = '1' } = {}): Promise<string> {
    const guest = this.#newPerson('passer-by');
    return Shopper.guest(this.#url, guest).buy({
      items: [{ productVariantId: variant, quantity: pieces }],
      shippingAddress: newAddress(this.#random, guest),
      shippingMethod,
      payment: PAYMENTS.card,
    });
  }

  #newPerson(kind: string): Person {
    this.#people += 1;
    return newPerson(this.#random, `${kind}-${this.#people}@example.test`);
  }

  async #updateVariant(input: { readonly id: string } & Readonly<Record<string, unknown>>): Promise<void> {
    await this.#admin.ask(
      `mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }`,
      {
        input: [input],
      },
    );
  }

  async #updateProduct(input: { readonly id: string } & Readonly<Record<string, unknown>>): Promise<void> {
    await this.#admin.ask(`mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { id } }`, { input });
  }

  /** Throws when the store says that it did not. */
  async #delete(mutation: 'deleteProduct' | 'deleteProductVariant' | 'deleteCustomer', id: string): Promise<void> {
    const { deleted } = await this.#admin.ask<{ deleted: { result: string; message: string | null } }>(
      `mutation ($id: ID!) { deleted: ${mutation}(id: $id) { result message } }`,
      { id },
    );
    if (deleted.result !== 'DELETED') throw new Error(`${mutation}: ${deleted.message ?? deleted.result}`);
  }
}
