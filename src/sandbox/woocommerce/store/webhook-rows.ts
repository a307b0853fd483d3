export interface WebhookRow {
  id: number;
  name: string;
  status: string;
  topic: string;
  deliveryUrl: string;
  secret: string;
  createdGmt: number;
  /** Null until the first change (recording "webhook create"). */
  modifiedGmt: number | null;
  /** Deliveries that failed one after another. */
  failures: number;
}

/** A delivery that waits for the shop's next cron run. The body is made then, not now (source-apis §1.8). */
export interface WaitingDelivery {
  webhookId: number;
  topic: string;
  resourceId: number;
}
