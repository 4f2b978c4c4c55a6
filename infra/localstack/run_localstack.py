"""LocalStack in this process, without Docker; it ends when standard input does."""

import os
import signal
import sys
import threading

from hypercorn.config import Config
from localstack.runtime.main import main

# The server closes a connection after 5 idle seconds, and after 1000 requests. The SDK keeps its own for longer, and under load
# finds several of them closed under a request, one try after another.
Config.keep_alive_timeout = 3600
Config.keep_alive_max_requests = 1_000_000_000


def end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()
main()
