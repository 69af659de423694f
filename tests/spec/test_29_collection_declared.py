"""Collection: only contact, billing, customer-management, usage and traffic data.

Every column of the catalogue belongs to one of these, or to what is technical: keys and bookkeeping that tell nothing of a
person (our reading). One that nobody has put anywhere is not declared.
"""

import pytest

title = "Collection: nothing but what is declared"


@pytest.fixture
def spec(judged):
    return judged("collection.declared")


def test_a_column_of_no_category_is_named(spec):
    spec(source_columns="""
        source_name | schema_name | table_name | column_name | column_category
        app         | main        | person     | id          | technical
        app         | main        | person     | email       | contact
        app         | main        | person     | plan        | management
        app         | main        | person     | score       |
    """, as_of="2024-03-31", conditions="""
        subject               | ok    | reason            | cases | since_on   | in_review
        app.main.person.email | true  |                   | 1     |            | true
        app.main.person.id    | true  |                   | 1     |            | true
        app.main.person.plan  | true  |                   | 1     |            | true
        app.main.person.score | false | column_undeclared | 1     | 2024-03-31 | true
    """)


def test_columns_of_one_name_are_judged_apart(spec):
    spec(source_columns="""
        source_name | schema_name | table_name | column_name | column_category
        app         | main        | person     | note        | management
        app         | archive     | person     | note        |
        crm         | main        | person     | note        | management
    """, states="""
        subject                 | 2024-03-31
        app.main.person.note    | kept
        app.archive.person.note | column_undeclared
        crm.main.person.note    | kept
    """)
