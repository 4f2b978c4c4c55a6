"""What schemathesis checks of Baton besides its own checks."""

import re

import schemathesis

# What no schema says: what goes with what, and with the address.
BEYOND_SCHEMAS = re.compile(
    "|".join(
        [
            "no page of this list ended with it",
            "names a workflow, a todo, or a client",
            r"names \?client= or \?workflow=",
            "each with an id of its own",
            "only one order can be waited for",
            "made from (idempotency keys|the names of schedules)",
            "there is (no|another) activity called",
            "the address says",
            # No pattern that all tools read says what a text does not begin with.
            "names that begin with todo-",
            "may stand once in a stage",
            "`otherwise` stands once, and last",
            "those of its branches included",
            "those of branches included",
            "stands in a branch of a choice",
            "choices stand in branches of each other",
            "steps at most, all together",
            "todo names at most",
            "would become",
            "is too large for a number",
            "stands here twice",
            "holds half of a surrogate pair",
            "has a key that is not taken",
            "nests deeper than",
            "the period ends before it begins",
            "^cron: ",
            "must be an IANA time zone",
            "only cron goes by the clocks",
            "schedules run to the minute",
            # Of a duration that is a text.
            r"\b(every|wait): must be (at most|more than 0)",
            "an order has a workflow or a todo",
            "are too many for one answer",
        ]
    )
)

# Text of which the document only says that it is text.
LINES = ("text/csv", "application/x-ndjson", "application/yaml")


@schemathesis.check
def fitting_request_is_not_called_invalid(ctx, response, case):
    """A request that fits the document is not refused as one that does not fit its schema."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code != 422 or case.media_type in LINES:
        return
    problem = response.json()
    if problem["code"] != "INVALID_REQUEST" or BEYOND_SCHEMAS.search(problem["detail"]):
        return
    raise AssertionError(f"The document allows this request; the answer says: {problem['detail']}")
