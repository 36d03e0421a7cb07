"""Runs a pipeline as jobs of an RQ worker, which forks for each job, and prints the runs per second.

rq_worker.py BASE_DIR NAME COUNT REDIS_URL
"""

import sys
import time

from redis import Redis
from rq import Queue, Worker


def run(base_dir, name):
    """Same as flowerpower-mqtt's job: creates a manager and runs the pipeline once."""
    from flowerpower.pipeline import PipelineManager

    inputs = {
        "mqtt_message": {"n": 1},
        "mqtt_topic": "bench",
        "mqtt_qos": 1,
        "execution_timestamp": "2026-01-02T03:04:05.678Z",
        "execution_mode": "async",
    }
    PipelineManager(base_dir=base_dir).run(name, inputs=inputs, log_level="INFO")


def main():
    base_dir, name, count, redis_url = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    connection = Redis.from_url(redis_url)
    queue = Queue("bench", connection=connection)
    jobs = [queue.enqueue("rq_worker.run", base_dir, name) for _ in range(count)]
    began = time.perf_counter()
    Worker([queue], connection=connection).work(burst=True, logging_level="ERROR")
    seconds = time.perf_counter() - began
    unfinished = [job.id for job in jobs if not job.is_finished]
    if unfinished:
        sys.exit(f"{len(unfinished)} of {count} jobs did not finish")
    print(count / seconds)


if __name__ == "__main__":
    main()
