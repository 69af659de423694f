"""Registers kept by hand as TOML: a table is a row, the same one that a line of CSV would be."""

import pytest

CSV = ("attestation_id,kind,dataset,promise,stated_on,valid_until_on,role\n"
       "a1,completeness,disclosures,,2026-01-05,2026-04-05,DPO\n"
       "a2,statement,,hosting.staff,2026-01-05,2027-01-05,HR\n")
TOML = """# What we state, and who says so.
[[attestations]]
attestation_id = "a1"
kind = "completeness"
dataset = "disclosures"
stated_on = 2026-01-05
valid_until_on = 2026-04-05
role = "DPO"

[[attestations]]
attestation_id = "a2"
kind = "statement"
promise = "hosting.staff"
stated_on = 2026-01-05
valid_until_on = "2027-01-05"
role = "HR"
"""
DISCLOSURE = """[[disclosures]]
disclosure_id = "raw-{}"
disclosed_at = {}
is_continuous = {}
recipient_kind = "subprocessor"
recipient_id = "raw-host"
manner = "shared"
basis = "processor_contract"
reference = "contract raw-17"
"""


def attestations(place, content, name="attestations.toml"):
    place.write(name, content)
    place.map_files(attestations=name)
    return place.collect()


def test_a_table_is_the_row_that_a_line_of_csv_would_be(place):
    select = "FROM source.attestations ORDER BY attestation_id"
    of_toml = attestations(place, TOML)
    assert of_toml.status("attestations") == ("collected", 2, 2, 0)
    assert of_toml.rows(select) == attestations(place, CSV, "attestations.csv").rows(select)


def test_moments_flags_and_presence_are_toml_s_own(place):
    place.write("d.toml", DISCLOSURE.format(1, "2026-01-03T10:00:00+01:00", "true")
                + DISCLOSURE.format(2, "2026-01-03T10:00:00", "false").replace('reference = "contract raw-17"\n', ""))
    place.map_files(disclosures="d.toml")
    collected = place.collect()
    assert collected.rows("FROM source.disclosures SELECT epoch(disclosed_at)::BIGINT, is_continuous, has_reference") == [
        (1767430800, True, True)]
    assert collected.aside("disclosures") == {("time_without_zone", "d.toml:10", "disclosed_at", 1)}


@pytest.mark.parametrize(("line", "reason"), [
    ('role = { name = "DPO" }', "unreadable_line"), ('role = ["DPO"]', "unreadable_line"), ("", "missing_value"),
    ("role = 0x" + "f" * 5000, "unreadable_line"),
])
def test_a_bad_table_is_set_aside_alone_at_its_head(place, line, reason):
    collected = attestations(place, TOML.replace('role = "HR"', line))
    assert collected.status("attestations") == ("collected", 2, 1, 1)
    assert {(why, where) for why, where, _, _ in collected.aside("attestations")} == {(reason, "attestations.toml:10")}


@pytest.mark.parametrize(("content", "why"), [
    (TOML + "role = raw-DPO\n", "is no TOML (line 17): mend it, for nothing of it can be read"),
    (TOML + "[[attestations.deeper]]\nx = 1\n[attestations.deeper.y]\n[other]\n", "holds something else than rows of"),
    ("[attestations]\nrole = 'DPO'\n", "begin each row with [[attestations]]"),
    ("attestations = ['raw-1']\n", "begin each row with [[attestations]]"),
    ("x = " + "[" * 100_000, "is nested too deep"),
    (TOML.replace("DPO", "é").encode("latin-1"), "is not UTF-8: save it as UTF-8"),
])
def test_a_file_that_cannot_be_believed_fails_whole_and_says_where(place, content, why):
    collected = attestations(place, content)
    assert collected.status("attestations")[0] == "failed"
    assert why in collected.detail("attestations")


def test_rows_written_in_one_value_and_look_alikes_in_a_text_are_read_too(place):
    rows = TOML.split("\n\n")[1].strip().splitlines()[1:]
    inline = "attestations = [{ " + ", ".join(rows) + " }]\n"
    assert attestations(place, inline).status("attestations") == ("collected", 1, 1, 0)
    assert attestations(place, TOML.replace('"DPO"', '"""\n[[attestations]]"""')).status("attestations")[1] == 2


def test_no_table_is_no_row(place):
    assert attestations(place, "# nothing yet\n").status("attestations") == ("collected", 0, 0, 0)
