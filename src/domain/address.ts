/** A postal address as the source keeps it; '' = none. */
export interface CanonicalAddress {
  readonly firstName: string;
  readonly lastName: string;
  readonly company: string;
  readonly street1: string;
  readonly street2: string;
  readonly city: string;
  /** The source's own word: a code, or free text where its list knows no states. */
  readonly state: string;
  /** Name of that code by the source's own list; null when the list does not know it. */
  readonly stateName: string | null;
  readonly postcode: string;
  /** ISO-3166 alpha-2, upper case. */
  readonly country: string;
  readonly phone: string;
  /** Only billing addresses have one. */
  readonly email: string;
}
