"""The year of test_year.py three years long, with other misfortunes (`make soak`)."""

from datetime import date

import pytest
import test_year

SEEDS, LAST = range(3, 9), date(2029, 2, 19)
globals().update({name: test for name, test in vars(test_year).items() if name.startswith("test_")})


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed{seed}")
def year(request, tmp_path_factory):
    return test_year.lived(tmp_path_factory.mktemp("years"), request.param, 1, LAST)
