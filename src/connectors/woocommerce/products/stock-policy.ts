import type { StockPolicy } from '../../../domain/product.ts';
import type { WireProduct, WireVariation } from './product-schema.ts';

type Kept = Pick<WireProduct, 'stock_quantity' | 'stock_status' | 'backorders' | 'low_stock_amount'> & {
  readonly manage_stock: WireVariation['manage_stock'];
};

/**
 * How stock is kept, without the figures (fidelity §4.3). `statusFollows`: the shop computes the status from the
 * variations, so that it is no fact of its own and would only rewrite the product at every sale.
 */
export function stockPolicy(goods: Kept, statusFollows: boolean): StockPolicy {
  const managed = managedWord(goods.manage_stock);
  const status = stockStatus(goods.stock_status);
  const figure = Number(goods.stock_quantity ?? 0);
  return {
    managed,
    status: managed !== 'no' || statusFollows ? null : status,
    forcedOut: managed !== 'no' && status === 'out_of_stock' && figure > 0,
    backorders: backorderWord(goods.backorders),
    lowStockAt: goods.low_stock_amount === null ? null : Math.trunc(Number(goods.low_stock_amount)),
  };
}

export function managedWord(managed: WireVariation['manage_stock']): StockPolicy['managed'] {
  if (managed === 'parent') return 'parent';
  return managed ? 'own' : 'no';
}

/** A plugin's own word sells nothing until someone has looked at it (fidelity §0 (c)). */
export function stockStatus(status: string): 'in_stock' | 'out_of_stock' | 'on_backorder' {
  if (status === 'instock') return 'in_stock';
  return status === 'onbackorder' ? 'on_backorder' : 'out_of_stock';
}

export function backorderWord(backorders: string): StockPolicy['backorders'] {
  return backorders === 'yes' || backorders === 'notify' ? backorders : 'no';
}
