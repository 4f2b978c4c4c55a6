"""moto's server, with additions that a deployment of Baton needs.

Each module mends one gap and says what moto does without it; docs/verify.md lists them and the gaps that remain.
The mends reach into moto's modules, so they fit only the version that ../requirements.txt pins.
"""

import argparse
import logging
import os
import sys
import threading

import function_roles
import functions
import lint
import missing_types
import pollers
import queue_urls
import registrations
import removal
import stack_parameters
import updates
from endpoint import Endpoint
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

parser = argparse.ArgumentParser()
parser.add_argument("--node", required=True, help="the Node.js that runs functions")
parser.add_argument("--folder", required=True, help="where functions are unpacked")
arguments = parser.parse_args()

# A line for each request would be too much to read.
logging.getLogger("werkzeug").setLevel(logging.WARNING)

application = function_roles.Guard(DomainDispatcherApplication(create_backend_app))
server = make_server("127.0.0.1", 0, application, threaded=True)
endpoint = Endpoint(server.port)

lint.apply()
stack_parameters.apply()
updates.apply()
removal.apply()
queue_urls.apply(endpoint)
missing_types.apply(endpoint)
registrations.apply(endpoint)
functions.apply(endpoint, arguments.node, arguments.folder)
pollers.apply(endpoint)



def end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


# Standard input ends when the parent process ends, however that happens.
threading.Thread(target=end_with_parent, daemon=True).start()
print(f"ready {endpoint.url}", flush=True)
server.serve_forever()
