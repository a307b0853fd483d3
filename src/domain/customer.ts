import type { CanonicalAddress } from './address.ts';
import type { Instant, MetaField } from './record.ts';

/** A group of shoppers; the source id is the source's own name of it (a role). */
export interface CanonicalCustomerGroup {
  readonly name: string;
}

export interface CanonicalCustomer {
  /** Trimmed, letters as typed; '' = none. */
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly username: string;
  /** The source's own role word. */
  readonly role: string;
  /** Source id of the customer group; null = none (rulebook §6.1). */
  readonly group: string | null;
  /** Works for the shop: carried only when `hasOrders`. */
  readonly isStaff: boolean;
  readonly hasOrders: boolean;
  /** null when nothing of it is filled in. */
  readonly billing: CanonicalAddress | null;
  readonly shipping: CanonicalAddress | null;
  readonly createdAt: Instant | null;
  readonly meta: readonly MetaField[];
}
