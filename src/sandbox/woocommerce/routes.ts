import type { FastifyInstance } from 'fastify';
import { attributes } from './resources/attributes.ts';
import { countryRoutes } from './resources/countries.ts';
import { customers } from './resources/people/customers.ts';
import { reviews } from './resources/people/reviews.ts';
import { products } from './resources/products.ts';
import { coupons } from './resources/sales/coupons.ts';
import { orderNotes } from './resources/sales/order-notes.ts';
import { orderStatusRoutes } from './resources/sales/order-statuses.ts';
import { orders } from './resources/sales/orders.ts';
import { allRefunds, orderRefunds } from './resources/sales/refunds.ts';
import { taxRates } from './resources/sales/tax-rates.ts';
import { settingRoutes } from './resources/settings.ts';
import { shopSetUpRoutes } from './resources/shop-setup.ts';
import { siteRoutes } from './resources/site.ts';
import { taxClassRoutes } from './resources/tax-classes.ts';
import { attributeTermKind, brandKind, categoryKind, shippingClassKind, tagKind } from './resources/term-kinds.ts';
import { termResource } from './resources/terms.ts';
import { allVariations, productVariations } from './resources/variations.ts';
import { acted, articleHooks, reviewHooks, termHooks } from './resources/webhooks/actions.ts';
import { announced, announcedAs, orderId, ownId } from './resources/webhooks/events.ts';
import { webhooks } from './resources/webhooks/webhooks.ts';
import { articles } from './resources/wordpress/articles.ts';
import { media } from './resources/wordpress/media.ts';
import { userRoutes, users } from './resources/wordpress/users.ts';
import { wordpressTerms } from './resources/wordpress/terms.ts';
import type { Resource, SingleRoute } from './rest/resource.ts';
import type { RouterContext } from './rest/router.ts';
import { addResource, addRoute } from './rest/router.ts';

/** Everything the shop serves below `/wp-json`. A new entity is one line here. */
export const resources: readonly Resource[] = [
  announced(products, 'product'),
  announcedAs(productVariations, 'product.updated', ownId),
  allVariations,
  acted(termResource(categoryKind), termHooks('product_cat')),
  acted(termResource(brandKind), termHooks('product_brand')),
  acted(termResource(tagKind), termHooks('product_tag')),
  termResource(shippingClassKind),
  attributes,
  termResource(attributeTermKind),
  announced(customers, 'customer'),
  announced(orders, 'order'),
  acted(
    announcedAs(acted(orderRefunds, { create: ['woocommerce_order_refunded'] }, orderId), 'order.updated', orderId),
    // A refund goes for good, asked to or not.
    { trash: ['woocommerce_refund_deleted'], remove: ['woocommerce_refund_deleted'] },
  ),
  allRefunds,
  orderNotes,
  announced(coupons, 'coupon'),
  acted(reviews, reviewHooks),
  taxRates,
  webhooks,
  wordpressTerms('product_cat'),
  wordpressTerms('product_tag'),
  wordpressTerms('product_brand'),
  wordpressTerms('category'),
  wordpressTerms('post_tag'),
  acted(articles('posts'), articleHooks),
  acted(articles('pages'), articleHooks),
  media,
  users,
];

const shopRoutes: SingleRoute[] = [
  ...settingRoutes,
  ...taxClassRoutes,
  ...countryRoutes,
  ...orderStatusRoutes,
  ...shopSetUpRoutes,
];

export function addRoutes(app: FastifyInstance, context: RouterContext): void {
  for (const resource of resources) addResource(app, context, resource);
  const singles: SingleRoute[] = [...siteRoutes(routeIndex), ...shopRoutes, ...userRoutes];
  for (const route of singles) addRoute(app, context, route);
}

/** Whose read route makes the body of a webhook, by the first word of its topic. */
export const hookSubjects: Record<string, Resource> = {
  product: products,
  order: orders,
  customer: customers,
  coupon: coupons,
};

/** The public index names each route by WordPress's pattern (source-apis §1.1). */
function routeIndex(): Record<string, readonly string[]> {
  const index: Record<string, readonly string[]> = { '/wc/v3': ['GET'] };
  for (const resource of resources) {
    const path = resource.path.replace(/:(\w+)\(\^\\d\+\$\)/g, '(?P<$1>[\\d]+)');
    if (!path.startsWith('/wc/')) continue;
    index[path] = resource.create ? ['GET', 'POST'] : ['GET'];
    const one = resource.update ? ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] : ['GET', 'DELETE'];
    if (resource.read) index[`${path}/(?P<id>[\\d]+)`] = one;
    if (resource.batch) index[`${path}/batch`] = ['POST', 'PUT', 'PATCH'];
  }
  for (const route of shopRoutes) {
    const path = route.path.replace(/:(\w+)/g, '(?P<$1>[\\w-]+)');
    index[path] = [...(index[path] ?? []), route.method];
  }
  return index;
}
