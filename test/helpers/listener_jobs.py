"""Hands messages to the listener of flowerpower-mqtt, which enqueues its jobs in RQ's queue `default`.

listener_jobs.py BASE_DIR, with FP_RQ_BACKEND_HOST and FP_RQ_BACKEND_PORT; messages on stdin as JSON.
"""

import asyncio
import base64
import json
import sys
import time

from flowerpower_mqtt.client import MQTTMessage
from flowerpower_mqtt.config import FlowerPowerMQTTConfig, JobQueueConfig, RuntimeSubscription
from flowerpower_mqtt.listener import MQTTListener


class Client:
    """Stands for the connection to a broker."""

    pipeline = ""

    def add_message_handler(self, handler):
        self.handler = handler

    def find_subscription_for_topic(self, topic):
        return RuntimeSubscription(topic=topic, pipeline=self.pipeline, qos=1, execution_mode="async")


async def main():
    client = Client()
    config = FlowerPowerMQTTConfig(job_queue=JobQueueConfig(enabled=True), base_dir=sys.argv[1])
    MQTTListener(client, config)
    for message in json.load(sys.stdin):
        client.pipeline = message["pipeline"]
        payload = base64.b64decode(message["payload"])
        client.handler(MQTTMessage(message["topic"], payload, message["qos"], False, time.time()))


asyncio.run(main())
