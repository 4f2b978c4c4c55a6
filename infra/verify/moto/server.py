"""moto's server, with what it lacks for a deployment of Baton.

Each module mends one thing and says what moto does without it; docs/verify.md lists them, and what stays undone.
Written for the version of moto that ../requirements.txt pins: the mends reach into its modules.
"""

import argparse
import logging
import os
import sys
import threading

import dynamic_references
import function_roles
import functions
import lint
import missing_types
import pollers
import queue_urls
import registrations
import removal
from endpoint import Endpoint
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

parser = argparse.ArgumentParser()
parser.add_argument("--node", required=True, help="the Node.js that runs functions")
parser.add_argument("--folder", required=True, help="where functions are unpacked")
arguments = parser.parse_args()

# One line a request is more than anyone reads.
logging.getLogger("werkzeug").setLevel(logging.WARNING)

application = function_roles.Guard(DomainDispatcherApplication(create_backend_app))
server = make_server("127.0.0.1", 0, application, threaded=True)
endpoint = Endpoint(server.port)

lint.apply()
dynamic_references.apply()
removal.apply()
queue_urls.apply(endpoint)
missing_types.apply(endpoint)
registrations.apply(endpoint)
functions.apply(endpoint, arguments.node, arguments.folder)
pollers.apply(endpoint)



def end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


# Standard input ends when whoever started this ends, however that happens.
threading.Thread(target=end_with_parent, daemon=True).start()
print(f"ready {endpoint.url}", flush=True)
server.serve_forever()
