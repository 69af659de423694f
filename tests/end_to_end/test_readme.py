"""The README is true: its commands exist, its snippet runs, its figures are the project's."""

import re

import click
import pytest

from pipelines import cli
from pipelines.home import REPOSITORY
from pipelines.register import policy

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")


def command_of(words):
    command = cli.main
    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
    return command


def test_every_alpia_command_is_in_the_readme_and_the_reverse():
    told = {match.split()[0] for match in re.findall(r"`alpia ([a-z][a-z ]*)", README)}
    assert told == set(cli.main.commands)


def test_every_option_in_the_readme_exists():
    rows = re.findall(r"^\| `alpia ([^`]+)`(.*)$", README, re.MULTILINE)
    assert len(rows) >= 9
    for words, rest in rows:
        command = command_of(words.split())
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", words + rest)) <= known, words


def test_every_make_target_in_the_readme_exists():
    for target in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), target


def test_the_rules_that_the_readme_names_are_those_built():
    paragraph = README[README.index("promises have their rule"):README.index("rule not built yet")]
    assert set(re.findall(r"`([a-z-]+\.[a-z-]+)`", paragraph)) == set(policy.load().rules)
    assert "thirty-one promises" in README
    assert len(policy.load().promises) == 31


@pytest.mark.slow
def test_the_snippet_for_analysts_runs(nights):
    from pipelines.report.opening import open_run

    snippet = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1].replace('"data/demo"', repr(str(nights.home.path)))
    names = {"open_run": open_run}
    lines = [line.split("#")[0].strip() for line in snippet.splitlines() if line.strip()]
    exec(lines[0], names)
    assert [len(eval(line, names)) > 0 for line in lines[1:]] == [True, True, True]
