"""Runs LocalStack in this process, without Docker, until standard input ends."""

import os
import signal
import sys
import threading

from hypercorn.config import Config
from localstack.runtime.main import main

# By default the server closes a connection after 5 idle seconds, or 1000 requests. The SDK keeps its connections longer, so under load
# several tries of a request in a row meet a closed one.
Config.keep_alive_timeout = 3600
Config.keep_alive_max_requests = 1_000_000_000


def end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()
main()
