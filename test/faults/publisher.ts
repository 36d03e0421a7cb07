import { connectAsync, type MqttClient } from 'mqtt';
import { topicOf } from './messages.ts';

interface PublisherOptions {
  port: number;
  topic: string;
  qos: 1 | 2;
}

/** mosquitto cuts off a client that has more QoS 2 messages in flight than its own limit, which is 20. */
const IN_FLIGHT = 20;

/** Publishes numbered messages, and knows which of them the broker has taken. */
export class Publisher {
  /** Of those that `publish` sent. */
  readonly confirmed = new Set<number>();
  readonly #topic: string;
  readonly #qos: 1 | 2;
  readonly #client: MqttClient;
  readonly #inFlight = new Set<Promise<void>>();
  #next = 0;
  #paused: Promise<void> | undefined;

  constructor(client: MqttClient, { topic, qos }: PublisherOptions) {
    this.#client = client;
    this.#topic = topic;
    this.#qos = qos;
  }

  /** The number of the next message. */
  get next(): number {
    return this.#next;
  }

  /** Resolves when the broker has taken the message. */
  async send(number: number): Promise<void> {
    const topic = topicOf(this.#topic, number);
    await this.#client.publishAsync(topic, JSON.stringify({ number }), { qos: this.#qos });
  }

  /** Sends the next `count` messages, `rate` a second; resolves when the broker has taken them. */
  async publish(count: number, rate = Infinity): Promise<void> {
    const began = Date.now();
    for (let sent = 1; sent <= count; sent++) {
      await this.#paused;
      this.#start();
      if (this.#inFlight.size >= IN_FLIGHT) await Promise.race(this.#inFlight);
      const ahead = (sent / rate) * 1000 - (Date.now() - began);
      if (ahead > 5) await new Promise((resolve) => setTimeout(resolve, ahead));
    }
    await Promise.all(this.#inFlight);
  }

  /**
   * Publishes nothing while `work` goes on, and has nothing in flight: what this client sends again after a restart of
   * the broker would look as if the gateway had taken it twice.
   */
  async pauseFor(work: () => Promise<void>): Promise<void> {
    let resume = () => {};
    this.#paused = new Promise((resolve) => (resume = resolve));
    await Promise.all(this.#inFlight);
    await work();
    resume();
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #start(): void {
    const number = this.#next++;
    const published = this.send(number)
      .then(() => void this.confirmed.add(number))
      .finally(() => this.#inFlight.delete(published));
    this.#inFlight.add(published);
  }
}

/** Connects a publisher. */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const client = await connectAsync({
    host: '127.0.0.1',
    port: options.port,
    reconnectPeriod: 200,
    clean: false,
    clientId: `publisher-${options.topic}`,
  });
  client.on('error', () => undefined);
  return new Publisher(client, options);
}
