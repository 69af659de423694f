"""Waiting in a page whose security policy forbids what Playwright's own waiting does (it evaluates text inside the page)."""

from concurrent.futures import ThreadPoolExecutor

PAUSE_MS = 100


def until(view, expression, seconds=60):
    """Wait until a JavaScript expression holds in the page that is in front; AssertionError where it never does."""
    view.bring_to_front()
    for _ in range(seconds * 1000 // PAUSE_MS):
        if view.evaluate(expression):
            return
        view.wait_for_timeout(PAUSE_MS)
    raise AssertionError(f"never: {expression}")


def apart(work, *given):
    """What `work` gives, in a thread of its own: Playwright starts no second driver where one is at work already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *given).result()
