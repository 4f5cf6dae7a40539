"""The renderer of PDF, in a process of its own: `python -m exports.render`, HTML in, PDF out.

Arguments: bytes of memory, processor seconds, pages at most. On stdout come one line of JSON with the page of
each anchor, and then the PDF. The exit status says what went wrong.
"""

import importlib
import json
import resource
import sys

from exports.errors import RenderTooLarge

UNAVAILABLE, TOO_LARGE = 3, 4


def main(memory: int, seconds: int, most_pages: int) -> int:
    """The exit status, once the PDF has been written to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        typesetter = importlib.import_module("exports.typeset")
    except OSError:
        # WeasyPrint says so when it does not find Pango or one of its companions.
        return UNAVAILABLE
    try:
        pdf, pages = typesetter.typeset(sys.stdin.buffer.read().decode("utf-8"), most_pages)
    except (MemoryError, RecursionError, RenderTooLarge):
        return TOO_LARGE
    sys.stdout.buffer.write(json.dumps(pages, sort_keys=True).encode("ascii") + b"\n" + pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:4])))
