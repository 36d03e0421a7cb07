import { connectAsync, type MqttClient } from 'mqtt';

interface PublisherOptions {
  port: () => number;
  topic: string;
  qos: 1 | 2;
  messages: number;
  /** Messages a second. */
  rate: number;
}

/** Publishes numbered messages, and knows which of them the broker has taken. */
export class Publisher {
  readonly confirmed = new Set<number>();
  readonly #options: PublisherOptions;
  #client: MqttClient | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Resolves when the broker has taken every message. */
  async run(): Promise<void> {
    const { port, topic, qos, messages, rate } = this.#options;
    const client = await connectAsync({
      host: '127.0.0.1',
      port: port(),
      reconnectPeriod: 200,
      clean: false,
      clientId: `publisher-${topic}`,
    });
    this.#client = client;
    client.on('error', () => undefined);
    const inFlight = new Set<Promise<void>>();
    const began = Date.now();
    for (let number = 0; number < messages; number++) {
      const published = this.#publish(client, number, { topic, qos }).finally(() =>
        inFlight.delete(published),
      );
      inFlight.add(published);
      if (inFlight.size >= 500) await Promise.race(inFlight);
      const ahead = (number / rate) * 1000 - (Date.now() - began);
      if (ahead > 5) await new Promise((resolve) => setTimeout(resolve, ahead));
    }
    await Promise.all(inFlight);
  }

  async close(): Promise<void> {
    await this.#client?.endAsync(true);
  }

  async #publish(
    client: MqttClient,
    number: number,
    { topic, qos }: { topic: string; qos: 1 | 2 },
  ): Promise<void> {
    await client.publishAsync(topic, JSON.stringify({ number }), { qos });
    this.confirmed.add(number);
  }
}
