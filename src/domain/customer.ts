import type { CanonicalAddress } from './address.ts';
import type { Instant, MetaField } from './record.ts';

/** A group of shoppers; the source id is the source's own name of it (a role), or an id where groups have one. */
export interface CanonicalCustomerGroup {
  readonly name: string;
}

export interface CanonicalCustomer {
  /** Trimmed, letters as typed; '' = none. */
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The account's own, beside those of its addresses. */
  readonly phone: string;
  readonly username: string;
  /** The source's own word for what the account is: a role, or the name of its group. */
  readonly role: string;
  /** Source id of the customer group; null = none (rulebook §6.1). */
  readonly group: string | null;
  /** Works for the shop: carried only when `hasOrders`. */
  readonly isStaff: boolean;
  /** Ordered without ever registering: the source keeps a record, and no account. */
  readonly isGuest: boolean;
  readonly hasOrders: boolean;
  /** null when nothing of it is filled in. */
  readonly billing: CanonicalAddress | null;
  readonly shipping: CanonicalAddress | null;
  /** Further ones that no role is given to, in the source's order. */
  readonly otherAddresses: readonly CanonicalAddress[];
  readonly createdAt: Instant | null;
  readonly meta: readonly MetaField[];
}
