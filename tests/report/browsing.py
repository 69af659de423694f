"""Waiting in a page whose security policy forbids what Playwright's own waiting does (it evaluates text inside the page)."""

PAUSE_MS = 100


def until(view, expression, seconds=60):
    """Wait until a JavaScript expression holds in the page that is in front; AssertionError where it never does."""
    view.bring_to_front()
    for _ in range(seconds * 1000 // PAUSE_MS):
        if view.evaluate(expression):
            return
        view.wait_for_timeout(PAUSE_MS)
    raise AssertionError(f"never: {expression}")
