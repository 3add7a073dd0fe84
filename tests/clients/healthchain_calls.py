"""Send calls with HealthChain's SandboxClient; run by the interpreter that has HealthChain.

Reads ``[[url, hook, context, prefetch], ...]`` on standard input and writes the answers.

HealthChain 0.16.1 declares the context of a request as its base class, and so leaves out what the
order hooks add (draftOrders, selections) when it writes the request. Its models check the context
here; what is sent is that context in full.
"""

import json
import sys

from healthchain.sandbox import SandboxClient
from healthchain.sandbox.requestconstructors import CdsRequestConstructor
from healthchain.sandbox.workflows import Workflow


def main() -> None:
    """Send each call through a client of its own, as HealthChain's documentation has it."""
    answers = []
    for url, hook, context, prefetch in json.load(sys.stdin):
        client = SandboxClient(url=url, workflow=hook)
        request = CdsRequestConstructor().construct_request(
            prefetch, workflow=Workflow(hook), context=context
        )
        client.requests.append(request.model_copy(update={"context": context}))
        answers += client.send_requests()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
