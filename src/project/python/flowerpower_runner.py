"""Runs FlowerPower pipelines by name, one after the other, for the process that started this one.

Requests come on file descriptor 3 and answers leave on 4, one JSON object a line; the first answer says what was found
here. What a pipeline prints goes to descriptors 1 and 2, which are its log. Ends when nobody can ask any more.
"""

import base64
import datetime
import decimal
import json
import math
import os
import platform
import queue
import signal
import sys
import threading
import traceback

REQUESTS, ANSWERS = 3, 4
MOST_BYTES = 16 * 1024 * 1024
MOST_ROWS = 100_000
DEEPEST = 50


def main(base_dir, log_level):
    for descriptor in (REQUESTS, ANSWERS):
        os.set_inheritable(descriptor, False)
    requests = queue.SimpleQueue()
    threading.Thread(target=read_requests, args=(requests,), daemon=True).start()
    run = open_project(base_dir, log_level)
    while True:
        request = json.loads(requests.get(), object_hook=decode)
        answer(attempt(run, request))


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
        import flowerpower
        from flowerpower.pipeline import PipelineManager

        manager = PipelineManager(base_dir=base_dir)
    except ImportError as error:
        answer({**found, "missing": str(error)})
        sys.exit(0)
    version = getattr(flowerpower, "__version__", "")
    answer({**found, "flowerpower": version})
    options = {"log_level": log_level, "max_retries": 0}
    if version.startswith("0.20."):
        # This release takes 0 retries for "not set": it retries after errors that do not exist.
        options["retry_exceptions"] = (NeverRaised,)
    checked = set()

    def run(name, inputs):
        if name not in checked:
            require_final_vars(manager, name)
            checked.add(name)
        return manager.run(name, inputs=inputs, **options)

    return run


class NeverRaised(Exception):
    pass


def require_final_vars(manager, name):
    """Without them FlowerPower 0.31 and newer never end."""
    if not manager.load_pipeline(name).run.final_vars:
        raise ValueError(f"run.final_vars is empty: name in conf/pipelines/{name}.yml what the pipeline shall return")


def attempt(run, request):
    try:
        described = []
        result = plain(run(request["name"], request["inputs"]), "result", described)
        text = json.dumps({"result": result, "described": described[:20]}, allow_nan=False)
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
                "message": str(error)[:10_000],
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


def decode(value):
    if len(value) != 1:
        return value
    if "$buffer" in value:
        return base64.b64decode(value["$buffer"])
    if "$date" in value:
        return datetime.datetime.fromisoformat(value["$date"].replace("Z", "+00:00"))
    return value.get("$object", value)


def plain(value, path, described, depth=0):
    """What JSON can say of a value; `described` gets the paths of what became a mere description."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$buffer": base64.b64encode(bytes(value)).decode()}
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if depth > DEEPEST:
        return describe(value, path, described)

    def inner(key, one):
        return plain(one, f"{path}.{key}", described, depth + 1)

    if isinstance(value, dict):
        items = {str(key): inner(key, one) for key, one in value.items()}
        return {"$object": items} if len(items) == 1 and next(iter(items)).startswith("$") else items
    if isinstance(value, (list, tuple, set, frozenset)):
        return [inner(index, one) for index, one in enumerate(value)]
    rows = rows_of(value)
    return describe(value, path, described) if rows is None else inner("rows", rows)


def rows_of(value):
    """Plain Python of what the usual libraries return: DataFrame, Series, Arrow and Polars tables, NumPy."""
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return value.head(MOST_ROWS).to_dict(orient="records")
    for method in ("to_pylist", "to_dicts", "tolist", "item", "to_list"):
        if callable(getattr(value, method, None)):
            try:
                return getattr(value, method)()
            except Exception:
                continue
    return None


def describe(value, path, described):
    described.append(path)
    return repr(value)[:1000]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
