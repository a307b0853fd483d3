import type { RecordRef } from '../domain/entity.ts';
import type { MovedEntity } from '../domain/record.ts';

/** A request as it came to our door: the raw bytes, because the signature is over them. Header names in small letters. */
export interface HookDelivery {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** What a platform's webhooks look like: pure, and needs no connection to the store. */
export interface HookFormat {
  /** What is wanted of the source, in a fixed order, each with the entity that it tells of. */
  readonly topics: readonly { readonly topic: string; readonly entity: MovedEntity }[];
  /** Sent when a hook is made, without a signature: it says nothing but that the address answers. */
  isPing(delivery: HookDelivery): boolean;
  /** Compared in constant time. */
  isSigned(delivery: HookDelivery, secret: string): boolean;
  /** Null: it names none. */
  topicOf(delivery: HookDelivery): string | null;
  /** The record to look at; null: the topic is none of ours, or the body names no record. */
  refOf(topic: string, body: Buffer): RecordRef | null;
}

/** A webhook as the source lists it. */
export interface RegisteredHook {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly url: string;
  /** paused: by a person; disabled: by the platform, after failures. */
  readonly state: 'active' | 'disabled' | 'paused';
}

/** The webhooks of a source, through its API: the one thing that is ever written there. Throws `StoreFailure`. */
export interface HookRegistry {
  readonly format: HookFormat;
  /** All hooks of the store, also those of others. Comes before any change: it tells credentials that are rejected. */
  list(signal: AbortSignal): Promise<readonly RegisteredHook[]>;
  /** Returns its id. After a lost reply (`uncertain`) it may be there: list before it is made again. */
  create(
    hook: { readonly name: string; readonly topic: string; readonly url: string; readonly secret: string },
    signal: AbortSignal,
  ): Promise<string>;
  /** Makes it active again; what is not named stays. */
  enable(id: string, changed: { readonly url?: string; readonly secret?: string }, signal: AbortSignal): Promise<void>;
  /** One that is not there any more is removed. */
  remove(id: string, signal: AbortSignal): Promise<void>;
}
