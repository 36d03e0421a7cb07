import type { NodeDef } from 'node-red';
import { InterruptedError, nameOf, type DeliveryTable, type Holder } from '../../src/index.ts';
import type { RouteEvent, RuntimeApi } from './runtime-node.ts';

/** Nodes that store or run messages. A message to one of them must not end silently. */
export const keepers: ReadonlySet<string> = new Set(['fp-enqueue', 'fp-job', 'fp-pipeline']);

/** A node or a tab in the flow file. */
type Stored = NodeDef & { d?: boolean; disabled?: boolean };

/**
 * Holds the messages sent to a disabled node of this package until the next deploy. Node-RED drops them silently, which
 * is right for a disabled debug node, but not for a queue.
 */
export class DisabledNodes {
  readonly #api: RuntimeApi;
  readonly #table: DeliveryTable;
  readonly #property: string;
  #disabled = new Map<string, Holder>();

  /** `property` is the message property with the delivery's ID. */
  constructor(api: RuntimeApi, table: DeliveryTable, property: string) {
    this.#api = api;
    this.#table = table;
    this.#property = property;
    api.events.on('flows:started', this.#restarted);
  }

  stop(): void {
    this.#api.events.removeListener('flows:started', this.#restarted);
  }

  /** Only adds the hook if there are disabled nodes, because it runs for every message. */
  readonly #restarted = () => {
    this.#api.hooks.remove('preRoute.flowerpower');
    for (const holder of this.#disabled.values()) this.#release(holder);
    this.#disabled = this.#find();
    if (this.#disabled.size > 0)
      this.#api.hooks.add('preRoute.flowerpower', (event: RouteEvent) => this.#sent(event));
  };

  #find(): Map<string, Holder> {
    const found = new Map<string, Holder>();
    const tabs = new Set<string>();
    this.#api.nodes.eachNode((stored: Stored) => {
      if (stored.type === 'tab' && stored.disabled) tabs.add(stored.id);
    });
    this.#api.nodes.eachNode((stored: Stored) => {
      const { id, type, name, z, d } = stored;
      if (keepers.has(type) && (d || tabs.has(z))) found.set(id, { id, type, name });
    });
    return found;
  }

  #sent({ msg, destination }: RouteEvent): void {
    const holder = this.#disabled.get(destination.id);
    const delivery = holder && this.#table.find(msg[this.#property]);
    if (!delivery) return;
    delivery.arrive(holder);
    delivery.block(holder, 'it is disabled');
  }

  #release(holder: Holder): void {
    const reason = new InterruptedError(`${nameOf(holder)} was disabled`);
    for (const delivery of this.#table.heldBy(holder)) delivery.abandon(reason);
  }
}
