"""Runs FlowerPower pipelines by name, one at a time, for the parent process.

Reads requests from file descriptor 3 and writes answers to 4, one JSON object per line; the first answer has the
versions found. A pipeline's output goes to descriptors 1 and 2, its log. Ends when the parent closes descriptor 3.
"""

import functools
import gc
import json
import os
import platform
import queue
import signal
import sys
import threading
import traceback

from flowerpower_values import decode, plain

REQUESTS, ANSWERS = 3, 4
MOST_BYTES = 16 * 1024 * 1024
MOST_NOTES = 20
MOST_WORDS = 10_000


def main(base_dir, log_level):
    for descriptor in (REQUESTS, ANSWERS):
        os.set_inheritable(descriptor, False)
    requests = queue.SimpleQueue()
    threading.Thread(target=read_requests, args=(requests,), daemon=True).start()
    run = open_project(base_dir, log_level)
    while True:
        answer(attempt(run, requests.get()))


def read_requests(requests):
    with os.fdopen(REQUESTS, encoding="utf-8") as lines:
        for line in lines:
            requests.put(line)
    # The parent has ended: end this process and the children of pipelines.
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(0)


def open_project(base_dir, log_level):
    """Reports the versions found, and returns the function that runs a pipeline."""
    found = {"executable": sys.executable, "python": platform.python_version(), "flowerpower": None}
    try:
        flowerpower, PipelineManager = import_flowerpower()
    except ImportError as error:
        answer({**found, "missing": str(error)})
        sys.exit(0)
    version = found["flowerpower"] = getattr(flowerpower, "__version__", "")
    try:
        # PipelineManager creates missing folders, so it is only used if both exist.
        manager = PipelineManager(base_dir=base_dir) if has_folders(base_dir) else None
    except Exception as error:
        answer({**found, "failed": f"{type(error).__name__}: {error}"[:MOST_WORDS]})
        sys.exit(0)
    answer(found)
    options = {"log_level": log_level, "max_retries": 0}
    if version.startswith("0.20."):
        # FlowerPower 0.20 ignores max_retries=0, so retry only after an error that never occurs.
        options["retry_exceptions"] = (NeverRaised,)
    checked = set()

    def run(name, inputs):
        if manager is None:
            raise FileNotFoundError(f"{base_dir}/conf is missing: create conf/pipelines/{name}.yml with run.final_vars")
        if name not in checked:
            require_final_vars(manager, name)
            checked.add(name)
        return manager.run(name, inputs=inputs, **options)

    return run


def import_flowerpower():
    # Garbage collection finds nothing during an import, but takes an eighth of the time.
    gc.disable()
    try:
        import flowerpower
        from flowerpower.pipeline import PipelineManager
    finally:
        gc.enable()
    cache_library_folders()
    return flowerpower, PipelineManager


def cache_library_folders():
    """Caches the lookup of Python's folders, which Loguru repeats twice per run. A short run takes a sixth of the time."""
    try:
        from loguru._better_exceptions import ExceptionFormatter

        ExceptionFormatter._get_lib_dirs = staticmethod(functools.cache(ExceptionFormatter._get_lib_dirs))
    except (ImportError, AttributeError):
        # This version of Loguru has no such function; it works without the cache.
        pass


def has_folders(base_dir):
    return all(os.path.isdir(os.path.join(base_dir, name)) for name in ("conf", "pipelines"))


class NeverRaised(Exception):
    pass


def require_final_vars(manager, name):
    """Raises an error without final_vars, because FlowerPower 0.31 and later would never end."""
    if not manager.load_pipeline(name).run.final_vars:
        raise ValueError(f"run.final_vars is empty: list the pipeline's results in conf/pipelines/{name}.yml")


def attempt(run, line):
    try:
        request = json.loads(line)
        notes = []
        result = plain(run(request["name"], decode(request["inputs"])), "result", notes)
        text = json.dumps({"result": result, "notes": notes[:MOST_NOTES]}, allow_nan=False)
        if len(text) > MOST_BYTES:
            raise ValueError(f"the result has {len(text)} bytes as JSON, the limit is {MOST_BYTES}")
        return text
    except KeyboardInterrupt:
        # The parent ends this process.
        os._exit(130)
    except BaseException as error:
        return {
            "error": {
                "kind": type(error).__name__,
                "message": str(error)[:MOST_WORDS],
                "traceback": traceback.format_exc()[-20_000:],
            }
        }


def answer(value):
    sys.stdout.flush()
    sys.stderr.flush()
    text = value if isinstance(value, str) else json.dumps(value)
    data = text.encode() + b"\n"
    while data:
        data = data[os.write(ANSWERS, data) :]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
