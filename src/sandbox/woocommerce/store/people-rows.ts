import type { MetaRow } from './rows.ts';

/** Keys as on the wire; all are text, empty where nothing was given. */
export interface AddressRow {
  first_name: string;
  last_name: string;
  company: string;
  address_1: string;
  address_2: string;
  city: string;
  state: string;
  postcode: string;
  country: string;
  phone: string;
}

export interface BillingRow extends AddressRow {
  email: string;
}

/** A WordPress user; WooCommerce calls those of role `customer` customers. Passwords are never shown. */
export interface CustomerRow {
  id: number;
  createdGmt: number;
  /** Null for users whom WooCommerce never saved (source-apis §1.4). */
  modifiedGmt: number | null;
  visibleSinceMs: number;
  email: string;
  username: string;
  firstName: string;
  lastName: string;
  role: string;
  billing: BillingRow;
  shipping: AddressRow;
  isPaying: boolean;
  meta: MetaRow[];
}

/** A comment of type `review`. Comments have no modified stamp (source-apis §1.6). */
export interface ReviewRow {
  id: number;
  createdGmt: number;
  createdLocal: string;
  visibleSinceMs: number;
  productId: number;
  status: string;
  reviewer: string;
  email: string;
  review: string;
  rating: number;
  verified: boolean;
}
