"""Collection: nothing about race, health, sexual life, political, philosophical or religious opinions.

Judged by the names and comments of columns alone: what a column holds is never looked at. Which terms a name holds is told
while the catalogue is read; here is what follows from it.
"""

import pytest

title = "Collection: no special category of data"


@pytest.fixture
def spec(judged):
    return judged("collection.special-categories")


def test_a_column_that_names_a_special_category_is_broken_for_as_long_as_it_is_there(spec):
    """Whatever category of the policy somebody has put it under."""
    spec(source_columns="""
        source_name | schema_name | table_name | column_name | column_category | special_category | is_ambiguous
        app         | main        | person     | email       | contact         |                  |
        app         | main        | person     | trace_id    |                 |                  |
        app         | main        | person     | religion    | contact         | religious        | false
    """, as_of="2024-03-31", conditions="""
        subject                  | ok    | reason           | cases | since_on   | in_review
        app.main.person.religion | false | special_category | 1     | 2024-03-31 | true
        app.main.person.email    | true  |                  | 1     |            | true
        app.main.person.trace_id | true  |                  | 1     |            | true
    """)


def test_a_term_that_may_mean_something_else_is_not_known_until_somebody_has_looked(spec):
    spec(source_columns="""
        source_name | schema_name | table_name | column_name | special_category   | is_ambiguous
        app         | main        | person     | sexe        | sexual_orientation | true
    """, states="""
        subject              | 2024-03-31
        app.main.person.sexe | special_term_unclear
    """)


def test_an_exemption_counts_until_the_end_of_its_last_day(spec):
    """Afterwards the column is what it was before."""
    spec(source_columns="""
        source_name | schema_name | table_name | column_name | special_category | is_ambiguous | exempt_until_on
        app         | main        | team       | race_number | race             | false        | 2024-03-31
        app         | main        | team       | patient     | health           | true         | 2024-03-31
    """, column_exemptions="""
        source_name | pattern | until_on   | columns_matched
        app         | team.*  | 2024-03-31 | 2
    """, states="""
        subject                   | 2024-03-31 | 2024-04-01
        app.main.team.race_number | kept       | special_category
        app.main.team.patient     | kept       | special_term_unclear
    """)


def test_an_exemption_that_exempts_nothing_fails(spec):
    """Else it would wait for a column that nobody has looked at."""
    spec(source_columns="""
        source_name | schema_name | table_name | column_name
        app         | main        | person     | email
    """, column_exemptions="""
        source_name | pattern    | until_on   | columns_matched
        app         | old.health | 2030-12-31 | 0
    """, states="""
        subject                  | 2024-03-31
        app.main.person.email    | kept
        app.exemption.old.health | exemption_unused
    """)
