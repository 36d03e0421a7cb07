import { connectAsync, type MqttClient } from 'mqtt';

interface PublisherOptions {
  port: () => number;
  topic: string;
  qos: 1 | 2;
  messages: number;
  /** Messages a second. */
  rate: number;
}

/** mosquitto cuts off a client that has more QoS 2 messages in flight than its own limit, which is 20. */
const IN_FLIGHT = 20;

/** Publishes numbered messages, and knows which of them the broker has taken. */
export class Publisher {
  readonly confirmed = new Set<number>();
  readonly #options: PublisherOptions;
  readonly #inFlight = new Set<Promise<void>>();
  #client: MqttClient | undefined;
  #paused: Promise<void> | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Sends message -1 until `arrived`: a broker keeps messages for a subscription only once it has that. */
  async warmUp(arrived: () => boolean): Promise<void> {
    const { port, topic, qos } = this.#options;
    this.#client = await connectAsync({
      host: '127.0.0.1',
      port: port(),
      reconnectPeriod: 200,
      clean: false,
      clientId: `publisher-${topic}`,
    });
    this.#client.on('error', () => undefined);
    while (!arrived()) {
      await this.#client.publishAsync(topic, JSON.stringify({ number: -1 }), { qos });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Resolves when the broker has taken every message. */
  async run(): Promise<void> {
    const { messages, rate } = this.#options;
    const began = Date.now();
    for (let number = 0; number < messages; number++) {
      await this.#paused;
      this.#start(number);
      if (this.#inFlight.size >= IN_FLIGHT) await Promise.race(this.#inFlight);
      const ahead = (number / rate) * 1000 - (Date.now() - began);
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
    await this.#client?.endAsync(true);
  }

  #start(number: number): void {
    const { topic, qos } = this.#options;
    const published = this.#client!.publishAsync(topic, JSON.stringify({ number }), { qos })
      .then(() => void this.confirmed.add(number))
      .finally(() => this.#inFlight.delete(published));
    this.#inFlight.add(published);
  }
}
