import type { Timed } from '../store/rows.ts';

export interface GroupRow extends Timed {
  id: number;
  name: string;
  is_default: boolean;
  is_group_for_guests: boolean;
  category_access: { type: string };
  discount_rules: object[];
}

export interface AddressRow {
  id: number;
  customer_id: number;
  first_name: string;
  last_name: string;
  company: string;
  address1: string;
  address2: string;
  city: string;
  state_or_province: string;
  postal_code: string;
  country_code: string;
  phone: string;
  address_type: string;
}

export interface CustomerRow extends Timed {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  company: string;
  phone: string;
  notes: string;
  customer_group_id: number;
  tax_exempt_category: string;
  accepts_product_review_abandoned_cart_emails: boolean;
  authentication: { force_password_reset: boolean };
  addresses: AddressRow[];
}
