"""Runs FlowerPower pipelines by name, one after the other, for the process that started this one.

Requests come on file descriptor 3 and answers leave on 4, one JSON object a line; the first answer says what was found
here. What a pipeline prints goes to descriptors 1 and 2, which are its log. Ends when nobody can ask any more.
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
    # Whoever asked is gone: neither this process nor what a pipeline started may stay.
    if os.name == "posix" and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(0)


def open_project(base_dir, log_level):
    """Says what is here, and returns the function that runs a pipeline."""
    found = {"executable": sys.executable, "python": platform.python_version(), "flowerpower": None}
    try:
        flowerpower, PipelineManager = import_flowerpower()
    except ImportError as error:
        answer({**found, "missing": str(error)})
        sys.exit(0)
    version = found["flowerpower"] = getattr(flowerpower, "__version__", "")
    try:
        # It would make the folders that are missing, also for a project without Python pipelines.
        manager = PipelineManager(base_dir=base_dir) if has_folders(base_dir) else None
    except Exception as error:
        answer({**found, "failed": f"{type(error).__name__}: {error}"[:MOST_WORDS]})
        sys.exit(0)
    answer(found)
    options = {"log_level": log_level, "max_retries": 0}
    if version.startswith("0.20."):
        # This release takes 0 retries for "not set": it retries after errors that do not exist.
        options["retry_exceptions"] = (NeverRaised,)
    checked = set()

    def run(name, inputs):
        if manager is None:
            raise FileNotFoundError(f"there is no {base_dir}/conf: put conf/pipelines/{name}.yml there, with run.final_vars")
        if name not in checked:
            require_final_vars(manager, name)
            checked.add(name)
        return manager.run(name, inputs=inputs, **options)

    return run


def import_flowerpower():
    # The garbage collector finds nothing during an import, and takes an eighth of its time.
    gc.disable()
    try:
        import flowerpower
        from flowerpower.pipeline import PipelineManager
    finally:
        gc.enable()
    cache_library_folders()
    return flowerpower, PipelineManager


def cache_library_folders():
    """Makes a short run six times as fast: FlowerPower sets up Loguru twice in each run, which looks up Python's folders."""
    try:
        from loguru._better_exceptions import ExceptionFormatter

        ExceptionFormatter._get_lib_dirs = staticmethod(functools.cache(ExceptionFormatter._get_lib_dirs))
    except (ImportError, AttributeError):
        # Another version of Loguru works without the cache.
        pass


def has_folders(base_dir):
    return all(os.path.isdir(os.path.join(base_dir, name)) for name in ("conf", "pipelines"))


class NeverRaised(Exception):
    pass


def require_final_vars(manager, name):
    """Without them FlowerPower 0.31 and newer never end."""
    if not manager.load_pipeline(name).run.final_vars:
        raise ValueError(f"run.final_vars is empty: name in conf/pipelines/{name}.yml what the pipeline shall return")


def attempt(run, line):
    try:
        request = json.loads(line)
        notes = []
        result = plain(run(request["name"], decode(request["inputs"])), "result", notes)
        text = json.dumps({"result": result, "notes": notes[:MOST_NOTES]}, allow_nan=False)
        if len(text) > MOST_BYTES:
            raise ValueError(f"the result has {len(text)} bytes as JSON, at most {MOST_BYTES} are passed on")
        return text
    except KeyboardInterrupt:
        # The asker wants this process to end.
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
