"""Imported before all that reads notebooks: jsonschema without the check of IRIs that comes with JupyterLab.

Where JupyterLab is installed, that check alone takes more than a second to import; no notebook of ours has an IRI.
"""

import sys

IRIS = "rfc3987_syntax"

if IRIS not in sys.modules:
    sys.modules[IRIS] = None  # to an import it is not installed
    try:
        import jsonschema  # noqa: F401 (what follows finds it imported)
    finally:
        del sys.modules[IRIS]
