"""LocalStack in this process, without Docker; it ends when standard input does."""

import os
import signal
import sys
import threading

from localstack.runtime.main import main


def end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()
main()
