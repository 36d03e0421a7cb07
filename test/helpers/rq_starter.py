"""Runs RQ's programs, and lines of Python, each in a fork of this process, which has imported RQ: the import takes most of the
time of a short program. Reads a request a line, as JSON, and answers with the program's exit code."""

import json
import os
import sys
import traceback

import redis.asyncio  # noqa: F401
import rq.cli
import rq.scheduler  # noqa: F401


def run(name, args, code):
    """Does what the program's script in the folder bin does, or what python -c does."""
    sys.argv = [name or "-c", *args]
    try:
        if code is None:
            {"rq": rq.cli.main, "rqinfo": rq.cli.info}[name]()
        else:
            exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def begin(output, **request):
    """In the new process: a session of its own, and its output in files."""
    os.setsid()
    for descriptor, path in enumerate([os.devnull, f"{output}/out", f"{output}/err"]):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    code = run(**request)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


for line in sys.stdin:
    process = os.fork()
    if process == 0:
        begin(**json.loads(line))
    _, status = os.waitpid(process, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
