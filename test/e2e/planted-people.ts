import type { Defect } from './planted-defects.ts';

/** The people of the target's raw state, as far as defects are planted among them. */
export interface RawPeople {
  customers: RawCustomer[];
}
interface RawCustomer {
  id: number;
  email: string;
  first_name: string;
  phone: string;
  addresses: { city: string }[];
  authentication: { force_password_reset: boolean };
}

function someone({ customers }: RawPeople): RawCustomer {
  const found = customers.find(({ addresses }) => addresses.length > 0);
  if (found === undefined) throw new Error('the store holds no customer for this defect');
  return found;
}

export const PEOPLE_DEFECTS: readonly Defect<RawPeople>[] = [
  { what: 'a lost customer', kind: 'lost', field: '', plant: (t) => void t.customers.splice(0, 1) },
  {
    what: 'a doubled customer',
    kind: 'doubled',
    field: '',
    plant: (t) => void t.customers.push({ ...structuredClone(someone(t)), id: 999_004, email: 'twin@example.test' }),
  },
  {
    what: "another's e-mail address",
    kind: 'different',
    field: 'email',
    plant: (t) => void (someone(t).email = 'other@example.test'),
  },
  {
    what: 'another first name',
    kind: 'different',
    field: 'first_name',
    plant: (t) => void (someone(t).first_name += 'x'),
  },
  {
    what: 'an address that is gone',
    kind: 'different',
    field: 'addresses',
    plant: (t) => void someone(t).addresses.pop(),
  },
  {
    what: 'an address in another town',
    kind: 'different',
    field: 'addresses',
    plant: (t) => void ((someone(t).addresses[0] as { city: string }).city += ' II'),
  },
  {
    what: 'an old password that would be asked for',
    kind: 'different',
    field: 'force_password_reset',
    plant: (t) => void (someone(t).authentication.force_password_reset = false),
  },
];
