/** A run may delete this many records of an entity, or this share of them, whichever is more, without a person (P7). */
const DELETE_BRAKE = { count: 20, share: 0.02 } as const;

export function exceedsDeleteBrake(
  budget: { readonly deletes: number; readonly live: number },
  brake: { readonly count: number; readonly share: number } = DELETE_BRAKE,
): boolean {
  return budget.deletes > brake.count && budget.deletes > budget.live * brake.share;
}
