"""LocalStack in this process, without Docker; it ends when standard input does."""

import os
import signal
import sys
import threading

from hypercorn.config import Config
from localstack.runtime.main import main

# The server closes connections after 5 idle seconds. The SDK keeps its own for longer, and on a busy machine finds several of
# them closed under a request, one try after another.
Config.keep_alive_timeout = 600


def end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()
main()
