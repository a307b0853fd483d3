import type { SeedBench } from './bench.ts';
import { type Purchase, Shopper } from './checkout.ts';
import { newAddress, newPerson, type Person, type SeededCustomer } from './customers.ts';
import { OrderDesk } from './order-desk.ts';
import type { SeededProduct } from './products.ts';
import { PAYMENTS, type Surroundings } from './surroundings.ts';

export interface OrderWorld {
  readonly surroundings: Surroundings;
  readonly products: readonly SeededProduct[];
  readonly customers: readonly SeededCustomer[];
  readonly codes: readonly string[];
}

/** What becomes of an order after it was placed. */
type Fate = (desk: OrderDesk, id: string) => Promise<void>;

interface OrderPlan {
  readonly payment?: string | undefined;
  readonly fate?: Fate;
  readonly coupon?: boolean;
  readonly declinedFirst?: boolean;
  /** Pieces of the first line. */
  readonly pieces?: number;
}

const { card, transfer, invoice } = PAYMENTS;

/** Each kind that a shop has; they come first and then again and again by chance. */
const KINDS: readonly OrderPlan[] = [
  { payment: card },
  { payment: card, coupon: true },
  { payment: invoice },
  { payment: card, fate: (desk, id) => desk.ship(id) },
  { payment: card, fate: (desk, id) => desk.ship(id, { delivered: true }) },
  { payment: card, pieces: 3, fate: (desk, id) => desk.ship(id, { whole: false }) },
  { payment: card, pieces: 3, fate: (desk, id) => desk.ship(id, { whole: false, delivered: true, tracked: false }) },
  { payment: card, fate: (desk, id) => desk.cancel(id) },
  { payment: invoice, fate: (desk, id) => desk.cancel(id) },
  { payment: card, pieces: 3, fate: (desk, id) => desk.cancel(id, { whole: false }) },
  { payment: card, fate: (desk, id) => desk.refund(id, { amount: 250 }) },
  { payment: card, coupon: true, fate: refundedTwice },
  { payment: card, fate: (desk, id) => desk.refund(id) },
  { payment: transfer, fate: (desk, id) => desk.refund(id, { amount: 100 }) },
  { payment: transfer, fate: (desk, id) => desk.refund(id, { settled: true }) },
  { payment: card, fate: cancelledAndRefunded },
  { payment: card, declinedFirst: true },
  { payment: invoice, fate: (desk, id) => desk.settle(id) },
  { payment: card, fate: (desk, id) => desk.addFee(id, 350) },
  { payment: card, fate: withNotes },
  // Never placed: a basket at the till is no order yet.
  { payment: undefined },
];

async function refundedTwice(desk: OrderDesk, id: string): Promise<void> {
  await desk.refund(id, { amount: 120 });
  await desk.refund(id, { amount: 80 });
}

async function cancelledAndRefunded(desk: OrderDesk, id: string): Promise<void> {
  await desk.cancel(id);
  await desk.refund(id);
}

async function withNotes(desk: OrderDesk, id: string): Promise<void> {
  await desk.note(id, 'Called: leave it at the door.', false);
  await desk.note(id, 'On its way — with <b>care</b> 🎁', true);
}

/** Orders through the shop's till, and some that its people take by telephone. */
export async function seedOrders(bench: SeedBench, world: OrderWorld): Promise<number> {
  const { random, size, url, admin } = bench;
  const desk = new OrderDesk(admin);
  const members = await openMembers(url, world.customers);
  for (let number = 1; number <= size.orders; number += 1) {
    const plan = KINDS[number - 1] ?? (random.chance(0.5) ? { payment: card } : random.pick(KINDS));
    // Every third is a guest's, every fifth is taken by telephone.
    if (number % 5 === 0 && plan.payment === card && plan.coupon !== true) {
      const id = await sellByTelephone(bench, world, desk, plan);
      // Cash went past the methods of payment: what is done with cards cannot be done with it.
      if (random.chance(0.5)) await desk.ship(id);
      continue;
    }
    // A basket that is left at the till stays a member's own, and nothing more goes into it.
    const known = number % 3 !== 0 && plan.payment !== undefined && members.length > 0;
    const { person, shopper } = known ? random.pick(members) : guestAt(url, newGuest(bench, number));
    const id = await shopper.buy(purchaseOf(bench, world, plan, person));
    await plan.fate?.(desk, id);
  }
  return size.orders;
}

interface AtTill {
  readonly person: Person;
  readonly shopper: Shopper;
}

async function openMembers(url: string, customers: readonly SeededCustomer[]): Promise<AtTill[]> {
  const members: AtTill[] = [];
  for (const person of customers.filter(({ member }) => member)) {
    members.push({ person, shopper: await Shopper.member(url, person) });
  }
  return members;
}

function guestAt(url: string, person: Person): AtTill {
  return { person, shopper: Shopper.guest(url, person) };
}

/** Guests come back, and Vendure then knows their address again. */
function newGuest({ random }: SeedBench, number: number): Person {
  return newPerson(random, `guest${random.chance(0.2) ? 1 : number}@example.test`);
}

function purchaseOf(bench: SeedBench, world: OrderWorld, plan: OrderPlan, person: Person): Purchase {
  const { random } = bench;
  const shippingAddress = newAddress(random, person);
  return {
    items: basket(bench, world, plan.pieces ?? random.int(1, 2)),
    shippingAddress,
    billingAddress: random.chance(0.3) ? newAddress(random, person) : undefined,
    shippingMethod: random.pick(world.surroundings.shipping),
    payment: plan.payment,
    declinedFirst: plan.declinedFirst ?? false,
    couponCode: plan.coupon === true || random.chance(0.15) ? random.pick(world.codes) : undefined,
  };
}

function sellByTelephone(bench: SeedBench, world: OrderWorld, desk: OrderDesk, plan: OrderPlan): Promise<string> {
  const { random } = bench;
  const customer = random.pick(world.customers);
  return desk.sell({
    customerId: customer.id,
    items: basket(bench, world, plan.pieces ?? 1),
    address: newAddress(random, customer),
    shippingMethod: world.surroundings.shipping[0],
  });
}

function basket({ random }: SeedBench, { products }: OrderWorld, pieces: number): Purchase['items'] {
  const forSale = products.flatMap(({ variants }) => variants.filter(({ forSale: is }) => is));
  // The first costs something: there is always money to give back.
  const first = random.pick(forSale.filter(({ price }) => price > 400));
  const others = random.shuffle(forSale.filter(({ id }) => id !== first.id)).slice(0, random.int(0, 3));
  return [first, ...others].map(({ id }, at) => ({
    productVariantId: id,
    quantity: at === 0 ? pieces : random.int(1, 3),
  }));
}
