import type { Random } from '../../../src/sandbox/shared/random.ts';
import type { SeedBench } from './bench.ts';
import { firstNames, lastNames, places } from './words.ts';

export interface Person {
  readonly title?: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emailAddress: string;
  readonly phoneNumber?: string;
}

export interface SeededCustomer extends Person {
  readonly id: string;
  /** Whether they can log in at the shop, with MEMBERS_PASSWORD. */
  readonly member: boolean;
}

export interface SeededCustomers {
  readonly customers: readonly SeededCustomer[];
  /** Ids of groups. */
  readonly groups: readonly string[];
}

/** Opens nothing but a store that a test has made for itself. */
export const MEMBERS_PASSWORD = 'members-of-the-test-store';
/** Hashing a password takes the store a quarter of a second. */
const MOST_MEMBERS = 8;

/** An address as a shopper types it. */
export function newAddress(random: Random, { firstName, lastName }: Person): object {
  const [city, province, postalCode, countryCode] = random.pick(places);
  return {
    fullName: `${firstName} ${lastName}`,
    company: random.chance(0.15) ? 'Example & Sons' : '',
    streetLine1: `${random.int(1, 999)} Main Street`,
    streetLine2: random.chance(0.2) ? `Flat ${random.int(1, 40)}` : '',
    city,
    province,
    postalCode,
    countryCode,
    phoneNumber: random.chance(0.6) ? newPhone(random) : '',
  };
}

export function newPerson(random: Random, emailAddress: string): Person {
  return {
    firstName: random.pick(firstNames),
    lastName: random.pick(lastNames),
    emailAddress,
    ...(random.chance(0.2) ? { title: random.pick(['Dr', 'Mx']) } : {}),
    ...(random.chance(0.6) ? { phoneNumber: newPhone(random) } : {}),
  };
}

function newPhone(random: Random): string {
  return `+1 555 01${String(random.int(0, 99)).padStart(2, '0')}`;
}

export async function seedCustomers(bench: SeedBench): Promise<SeededCustomers> {
  const { random, size, admin } = bench;
  const customers: SeededCustomer[] = [];
  for (let number = 1; number <= size.customers; number += 1) {
    const person = UGLY[number - 1] ?? newPerson(random, `buyer${number}@example.test`);
    const member = number > UGLY.length && number <= UGLY.length + MOST_MEMBERS;
    const { customer } = await admin.ask<{ customer: { id: string } }>(
      `mutation ($input: CreateCustomerInput!, $password: String) {
        customer: createCustomer(input: $input, password: $password) {
          ... on Customer { id } ... on ErrorResult { errorCode message }
        }
      }`,
      { input: person, password: member ? MEMBERS_PASSWORD : null },
    );
    customers.push({ ...person, id: customer.id, member });
    await addAddresses(bench, customer.id, person, number === 1 ? 5 : random.int(0, 3));
  }
  return { customers, groups: await seedGroups(bench, customers) };
}

async function addAddresses({ admin, random }: SeedBench, customer: string, person: Person, count: number) {
  for (let at = 0; at < count; at += 1) {
    const usual = { defaultShippingAddress: at === 0, defaultBillingAddress: at === count - 1 };
    // Twice the same address is what shops find in their address books.
    const input = { ...newAddress(random, person), ...usual };
    await admin.ask(
      `mutation ($customer: ID!, $input: CreateAddressInput!) { createCustomerAddress(customerId: $customer, input: $input) { id } }`,
      { customer, input },
    );
  }
}

async function seedGroups({ admin, random }: SeedBench, customers: readonly SeededCustomer[]): Promise<string[]> {
  const groups: string[] = [];
  for (const name of ['Trade', 'Friends & family', 'Nobody yet']) {
    const customerIds = groups.length === 2 ? [] : customers.filter(() => random.chance(0.15)).map(({ id }) => id);
    const { group } = await admin.ask<{ group: { id: string } }>(
      `mutation ($input: CreateCustomerGroupInput!) { group: createCustomerGroup(input: $input) { id } }`,
      { input: { name, customerIds } },
    );
    groups.push(group.id);
  }
  // Somebody is in two of them; elsewhere a customer has one group.
  await admin.ask(
    `mutation ($group: ID!, $customers: [ID!]!) { addCustomersToGroup(customerGroupId: $group, customerIds: $customers) { id } }`,
    { group: groups[1], customers: customers.slice(0, 2).map(({ id }) => id) },
  );
  return groups;
}

/** What registers, imports and hurried people leave behind. */
const UGLY: readonly Person[] = [
  { firstName: 'Zoë', lastName: 'O’Neil-Šimić', emailAddress: 'zoe+shop@example.test', title: 'Dr' },
  { firstName: 'CAPITAL', lastName: 'LETTERS', emailAddress: 'Capital.Letters@Example.test' },
  { firstName: '', lastName: '', emailAddress: 'no-name@example.test' },
  { firstName: '花子', lastName: '山田', emailAddress: 'hanako@example.test', phoneNumber: 'call after six' },
  { firstName: 'Long '.repeat(30).trim(), lastName: 'Name '.repeat(30).trim(), emailAddress: 'long@example.test' },
  { firstName: ' Blanks ', lastName: ' Around ', emailAddress: 'blanks@example.test' },
];
