"""Enqueues jobs as flowerpower-mqtt does, one by one, and prints the jobs a second.

rq_enqueue.py COUNT REDIS_URL QUEUE
"""

import sys
import time

from redis import Redis
from rq import Queue

count, redis_url, name = int(sys.argv[1]), sys.argv[2], sys.argv[3]
queue = Queue(name, connection=Redis.from_url(redis_url))
function = "flowerpower_mqtt.job_handler.execute_pipeline_job"


def enqueue(seq):
    message = {"seq": seq, "sensor": "sensor-1", "temperature": 61.5}
    queue.enqueue(function, "pipeline", message, "/srv/plant", "a/b", 1, {"execution_mode": "async"})


for seq in range(50):
    enqueue(seq)
began = time.perf_counter()
for seq in range(count):
    enqueue(seq)
print(count / (time.perf_counter() - began))
