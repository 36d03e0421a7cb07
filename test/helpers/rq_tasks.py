"""Functions that RQ workers of the tests run."""

import os
import time


def words_of(*args, **kwargs):
    """What the function was called with, in Python's own words."""
    return repr((args, kwargs))


def same(*args, **kwargs):
    """The message."""
    return args[1]


def held(pipeline, message, base_dir, topic, qos, metadata):
    """The message, once the file that its topic names is there, if it names one."""
    while topic and not os.path.exists(topic):
        time.sleep(0.05)
    return message


def flaky(pipeline, message, base_dir, topic, qos, metadata):
    """Counts its runs in a file and fails as often as the message says."""
    with open(message["file"], "a") as file:
        file.write("x")
    if os.path.getsize(message["file"]) <= message["failures"]:
        raise ValueError("no luck")
    return "at last"


def fail(*args, **kwargs):
    raise ValueError("no luck")


def slow(pipeline, message, base_dir, topic, qos, metadata):
    """Writes down its start, its process and its end."""
    with open(message["file"], "a") as file:
        file.write(f"start {message['n']} {os.getpid()}\n")
    time.sleep(message["seconds"])
    with open(message["file"], "a") as file:
        file.write(f"end {message['n']}\n")
    return message["n"]


class Opaque:
    """No plain data."""


def opaque(*args, **kwargs):
    return Opaque()
