"""Runs a pipeline with FlowerPower alone: flowerpower_alone.py BASE_DIR NAME < inputs.json > results.json"""

import json
import sys

from flowerpower.pipeline import PipelineManager

base_dir, name = sys.argv[1:]
manager = PipelineManager(base_dir=base_dir)
# With any other level, FlowerPower sets up logging in each run, which takes most of the time.
print(json.dumps([manager.run(name, inputs=inputs, log_level="CRITICAL") for inputs in json.load(sys.stdin)]))
