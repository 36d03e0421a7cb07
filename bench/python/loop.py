"""Runs a pipeline in a loop and prints the runs per second: loop.py BASE_DIR NAME COUNT"""

import sys
import time

from flowerpower.pipeline import PipelineManager

base_dir, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
inputs = {
    "mqtt_message": {"n": 1},
    "mqtt_topic": "bench",
    "mqtt_qos": 1,
    "execution_timestamp": "2026-01-02T03:04:05.678Z",
    "execution_mode": "async",
}
manager = PipelineManager(base_dir=base_dir)
for _ in range(20):
    manager.run(name, inputs=inputs, log_level="INFO")
began = time.perf_counter()
for _ in range(count):
    manager.run(name, inputs=inputs, log_level="INFO")
print(count / (time.perf_counter() - began))
