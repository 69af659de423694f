"""The command line. Imports of weight stand inside the commands, so that `alpia --help` answers at once."""

import json
import os
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from pipelines.errors import AlpiaError, UsageError, without_values
from pipelines.home import Home

EXIT = {"done": 0, "failed": 1, "usage": 2, "breached": 3, "changed": 3, "unverifiable": 4}
NOTE = "note: "  # begins a line that is no stage, and that no progress bar may swallow
OTHER_FORMATS = 2  # stages after the pages: workbooks, PDF


class Group(click.Group):
    """Turns our errors into one sentence on standard error and the documented exit status."""

    def invoke(self, context: click.Context):
        try:
            return super().invoke(context)
        except AlpiaError as error:
            click.echo(f"alpia: {error}", err=True)
            context.exit(EXIT["usage"] if isinstance(error, UsageError) else EXIT["failed"])
        except Exception as error:
            damage = _damage(error)
            if damage is None:
                raise
            click.echo(f"alpia: A file of the warehouse cannot be read: {damage}", err=True)
            context.exit(EXIT["failed"])


def _damage(error: Exception) -> str | None:
    """What a query told of a damaged file, with its cure; None for any other error."""
    warehouse = sys.modules.get("pipelines.warehouse")  # without it, nothing was opened
    return warehouse.damage(f"{error}") if warehouse and isinstance(error, warehouse.DatabaseError) else None


def _tell_of_failure(kind: type[BaseException], error: BaseException, trace) -> None:
    """What is our own fault goes into a journal too: places and kinds, for what an exception quotes may be a person's."""
    click.echo(without_values(kind, error, trace), err=True)
    click.echo("alpia: This is an error of the product. Report these lines: they hold no value.", err=True)


class Day(click.ParamType):
    """A local day, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value, param, ctx):
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no date: write YYYY-MM-DD.", param, ctx)


home_option = click.option("--home", "home_path", type=click.Path(path_type=Path), default=None,
                           help="The folder of the watched system (default: ALPIA_HOME, else data/live).")
as_of_option = click.option("--as-of", type=Day(), default=None,
                            help="The last local day counted (default: the last complete one).")
lang_option = click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True,
                           help="The language of the reports.")
json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alpia", prog_name="alpia")
def main() -> None:
    """Proves, every night, that a privacy policy is kept. It verifies and reports; it never deletes.

    Exit status of run and verify: 0 done and nothing broken; 1 the job failed; 2 wrong usage; 3 a promise is breached;
    4 none is breached, and one is unverifiable.
    """
    os.umask(0o077)
    sys.excepthook = _tell_of_failure


@main.command()
@home_option
@as_of_option
@lang_option
@click.option("--no-reports", is_flag=True, help="Collect, verify and publish only.")
@click.option("--force", is_flag=True, help="Judge the day again even if nothing has changed since it was judged.")
@click.option("--from", "first", type=Day(), default=None, help="Back-fill: the days from this one on that were not run.")
@click.option("--to", "last", type=Day(), default=None, help="The last day of --from (default: the last complete one).")
def run(home_path: Path | None, as_of: date | None, lang: str, no_reports: bool, force: bool, first: date | None,
        last: date | None) -> None:
    """Collect, verify, publish and report; then send what the schedule says is due. Safe to repeat, and to kill.

    Without a day, nights that were missed and close a scheduled period are run first, oldest first.
    With --from, the exit status is the worst of all days, 1 if one of them cannot be run any more.
    """
    if first and as_of or last and not first:
        raise UsageError("Name one day with --as-of, or a range with --from and --to.")
    from pipelines.report import workers

    home = Home.locate(home_path)
    workers.prepare()
    from pipelines import run as job
    from pipelines.operate import settle

    reports = () if no_reports else job.REPORTS
    stages = 5 + (len(reports) + OTHER_FORMATS if reports else 0)
    end = last or as_of or job.default_as_of(home)
    tell, refused = _tell(stages), []
    if first:
        outcomes, refused = job.run_range(home, first, end, lang, reports, tell, force)
        if reports:
            _settle(home, tell)
    elif not reports:
        outcomes = [job.run(home, end, lang, reports, tell, force)]
    else:
        missed = [] if as_of else settle.missed(home, end, job.now())
        outcomes = [settle.nights(
            missed, end, lambda night: job.run(home, night, lang, reports, tell, force, settle.pages(home, night)),
            lambda failed: _settle(home, tell, failed), tell)]
    for outcome in outcomes:
        for page in outcome.reports:
            click.echo(f"{page}")
        click.echo(_sentence(outcome.as_of, outcome.verdicts))
    for why in refused:
        click.echo(f"alpia: {why}", err=True)
    results = {outcome.result for outcome in outcomes}
    worst = next((result for result in ("breached", "unverifiable") if result in results), "done")
    sys.exit(EXIT["failed" if refused else worst])


def _settle(home: Home, tell, failed: tuple[date, Exception] | None = None):
    """Report and send what is due now."""
    from pipelines import run as job
    from pipelines.operate import settle

    return settle.settle(home, job.sources_of(home).system.name, lambda day, pages: job.report(home, day, pages, tell),
                         job.now(), tell, failed)


@main.command()
@home_option
@as_of_option
@json_option
def collect(home_path: Path | None, as_of: date | None, as_json: bool) -> None:
    """Collect in private and show what would come in; publishes nothing."""
    from pipelines import run as job

    home = Home.locate(home_path)
    with job.only_one(home, job.now()):
        collected = job.collect_stage(str(home.path), f"{as_of or job.default_as_of(home)}")
        job.discard(collected.building)
    _show(collected.datasets[["dataset", "source", "status", "rows_in", "rows_kept", "rows_set_aside", "detail"]], as_json)
    if not as_json:
        click.echo()
        click.echo("Nothing was set aside." if collected.set_aside.empty else collected.set_aside.to_string(index=False))


@main.command()
@home_option
@as_of_option
@json_option
@click.option("--against", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A list of planted obligations: say which are missed and which are invented.")
def verify(home_path: Path | None, as_of: date | None, as_json: bool, against: Path | None) -> None:
    """Verify again what is published; publishes nothing."""
    from pipelines import run as job
    from pipelines.operate import publication

    home = Home.locate(home_path)
    if against:
        sys.exit(_verify_against(home, against, as_json))
    day = as_of or publication.published_day(home)
    with job.only_one(home, job.now()):
        verified = job.verify_stage(str(home.path), f"{day}")
        job.discard(verified.building)
    verdicts = verified.verdicts["verdict"].value_counts().to_dict()
    _show(verified.verdicts[["promise", "verdict", "since_on", "reason", "detail"]], as_json)
    if not as_json:
        click.echo(_sentence(day, verdicts))
    sys.exit(EXIT[job.result_of(verdicts)])


def _verify_against(home: Home, planted: Path, as_json: bool) -> int:
    from pipelines import warehouse
    from pipelines.register import contracts
    from pipelines.verify import against

    _, connection = warehouse.read_current(home)
    missed, invented = against.against(connection, json.loads(planted.read_text(encoding="utf-8")),
                                       home.pseudonym_key(), contracts.load())
    if as_json:
        click.echo(json.dumps({"missed": missed, "invented": invented}, ensure_ascii=False, default=str))
    else:
        for word, rows in (("missed", missed), ("invented", invented)):
            for row in rows:
                click.echo(f"{word}: {row}")
        click.echo(f"{len(missed)} missed, {len(invented)} invented")
    return EXIT["failed"] if missed or invented else EXIT["done"]


@main.command()
@click.argument("names", nargs=-1)
@click.option("--all", "all_reports", is_flag=True, help="All reports.")
@click.option("--due", is_flag=True, help="Write and send what is due by the schedule (exit status 1: something went wrong)")
@home_option
@as_of_option
@lang_option
def report(names: tuple[str, ...], all_reports: bool, due: bool, home_path: Path | None, as_of: date | None,
           lang: str) -> None:
    """Write reports again from what is published."""
    from pipelines import run as job
    from pipelines.operate import publication
    from pipelines.operate.ledger import Page

    home = Home.locate(home_path)
    if due:
        if names or all_reports or as_of:
            raise UsageError("--due stands alone: the schedule says which reports, and as of which day.")
        done = _settle(home, lambda line: click.echo(line, err=True))
        click.echo(f"{done.reported} periods reported, {done.sent} mails sent, {done.troubles} things went wrong.")
        sys.exit(EXIT["failed"] if done.troubles else EXIT["done"])
    if not names and not all_reports:
        raise UsageError(f"Name a report ({', '.join(job.REPORTS)}) or say --all.")
    chosen, day = job.REPORTS if all_reports else names, as_of or publication.published_day(home)
    for page in job.report(home, day, [Page(day, name, lang) for name in chosen], _tell(len(chosen) + OTHER_FORMATS)):
        click.echo(f"{page}")


@main.command()
@home_option
@json_option
@click.option("--history", is_flag=True, help="The runs so far and what was sent, from the ledger.")
@click.option("--stored", is_flag=True, help="What the home stores of each kind, since when and until when.")
def status(home_path: Path | None, as_json: bool, history: bool, stored: bool) -> None:
    """The verdict on every promise, as last published."""
    from pipelines.operate import status as told

    home = Home.locate(home_path)
    if stored:
        from pipelines import run as job

        click.echo(told.stored(home, job.now().date(), as_json))
    elif history:
        click.echo(told.history(home, as_json))
    else:
        click.echo(told.as_json(home) if as_json else told.as_table(home))


@main.command()
@home_option
@json_option
@click.option("--systemd", "as_units", is_flag=True, help="Print a systemd service and its timer.")
@click.option("--cron", "as_cron", is_flag=True, help="Print a line for crontab.")
@click.option("--at", "at", default="04:10", show_default=True, help="The local time at which the night starts.")
@click.option("--send-test", is_flag=True, help="Send operators a test mail.")
def schedule(home_path: Path | None, as_json: bool, as_units: bool, as_cron: bool, at: str, send_test: bool) -> None:
    """Which reports are made when, for whom, and what is due; or what starts the night."""
    from pipelines import run as job
    from pipelines.operate import settle

    home = Home.locate(home_path)
    if as_units or as_cron:
        click.echo(_units(home, at, as_cron), nl=False)
    elif send_test:
        sent = settle.send_test(home, job.sources_of(home).system.name, job.now())
        click.echo(f"The mail server took {sent} test mails for operators.")
    else:
        rows = settle.overview(home, job.default_as_of(home))
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2) if as_json else "\n".join(settle.as_lines(rows)))


def _units(home: Home, at: str, as_cron: bool) -> str:
    from pipelines.home import REPOSITORY
    from pipelines.operate import units
    from pipelines.operate.schedule import local_time

    # The interpreter of an environment may lie elsewhere than the environment.
    reads = tuple(dict.fromkeys((REPOSITORY, Path(sys.prefix), Path(sys.base_prefix))))
    where, start = units.place(home.path, Path(sys.executable).with_name("alpia"), reads), local_time(at)
    return units.crontab(where, start) if as_cron else "\n".join(units.systemd(where, start).values())


@main.group(invoke_without_command=True)
@home_option
@json_option
@click.option("--grants", is_flag=True, help="Print the least privileges that the sources need.")
@click.option("--role", default="alpia_reader", show_default=True, help="The role that --grants names.")
@click.pass_context
def sources(context: click.Context, home_path: Path | None, as_json: bool, grants: bool, role: str) -> None:
    """Connect to every source, check every contract, and say what stays unverifiable."""
    if context.invoked_subcommand:
        return
    home = Home.locate(home_path)
    from pipelines import run as job
    from pipelines.register import contracts as contracts_register

    contracts, declared = contracts_register.load(), job.sources_of(home)
    if grants:
        from pipelines.collect import grants as least

        click.echo(least.grants(declared, contracts, role), nl=False)
        return
    from pipelines.collect import check
    from pipelines.register import policy

    found = check.check(home, declared, contracts)
    gaps = check.unverifiable(found, policy.load())
    click.echo(_as_json(found, gaps) if as_json else _as_lines(found, gaps))
    sys.exit(EXIT["done"] if all(one.ok for one in found if one.source) else EXIT["failed"])


@sources.command("new")
@click.option("--kind", required=True, type=click.Choice(["postgres", "mariadb"]), help="What the database is.")
@click.option("--secret", required=True, help="The environment variable that holds the connection string.")
@home_option
def sources_new(kind: str, secret: str, home_path: Path | None) -> None:
    """Draft sources.toml from a database's columns: what is evident is mapped, the rest is there to be completed.

    Reads names and types, and no row. Never overwrites a sources.toml.
    """
    from pipelines.collect import draft
    from pipelines.register import contracts

    home = Home.named(home_path)
    draft.refuse_existing(home.sources_toml)
    made = draft.draft(kind, secret, contracts.load())
    draft.write(home.sources_toml, made.text)
    for one in made.guesses:
        click.echo(f"{'ok' if one.is_evident else '--'}  {one.contract.name}")
    click.echo(f"{home.sources_toml} is written: read it, complete it, then `alpia sources --home {home.path}`.")


@sources.group()
def probe() -> None:
    """Ask the watched system itself, from outside, and write down what it answered."""


@probe.command("tls")
@click.argument("endpoint")
@click.option("--plain-port", type=click.IntRange(1, 65535), default=80, show_default=True,
              help="The port that is asked in the clear.")
@home_option
@json_option
def probe_tls(endpoint: str, plain_port: int, home_path: Path | None, as_json: bool) -> None:
    """Try which protocols and cipher suites HOST[:PORT] accepts, and what its plain port answers."""
    from pipelines import run as job
    from pipelines.collect.probes import records, tls
    from pipelines.collect.probes.endpoint import endpoint as parsed

    home, asked, moment = Home.locate(home_path), parsed(endpoint), job.now()
    rows = tls.probed(asked, moment, plain_port)
    file = records.write(home, "tls", moment, f"{asked}", rows)
    _tell_record(rows, file, as_json, ("endpoint", "protocol", "suite", "outcome", "suites"))


@probe.command("cookies")
@click.argument("url")
@click.option("--headers", "saved", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None,
              help="Read these saved headers (curl --dump-header), and ask nobody.")
@click.option("--no-visit", is_flag=True, help="Ask for the page's headers only, without a browser.")
@home_option
@json_option
def probe_cookies(url: str, saved: Path | None, no_visit: bool, home_path: Path | None, as_json: bool) -> None:
    """Visit a page twice with a browser, and read its headers: which cookies does it set, and until when?"""
    from pipelines import run as job
    from pipelines.collect.probes import cookies, records, visits

    home, page, moment = Home.locate(home_path), cookies.site(url), job.now()
    if saved:
        rows, seen = cookies.of_saved(saved, page.hostname), visits.NONE
    else:
        seen = visits.NONE if no_visit else visits.visited(url, job.now)
        rows = cookies.asked(page, job.now) + cookies.of_visits(seen, page.hostname, moment)
    file = records.write(home, "cookies", moment, page.hostname, rows)
    if seen.third_parties and not as_json:
        click.echo(f"Other hosts that the page asked for something: {seen.third_parties}.")
    _tell_record(rows, file, as_json, ("domain", "cookie_id", "how", "expires_at", "is_prolonged"))


def _tell_record(rows: list[dict], file: Path, as_json: bool, columns: tuple[str, ...]) -> None:
    """What a probe found, and where it was stored."""
    if as_json:
        click.echo(json.dumps({"file": f"{file}", "found": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo("  ".join("-" if row[name] is None else f"{row[name]}" for name in columns))
    click.echo(f"{file} holds this record.")


def _as_json(found: list, gaps: list) -> str:
    return json.dumps({"datasets": [asdict(one) for one in found], "unverifiable": [asdict(gap) for gap in gaps]},
                      ensure_ascii=False, indent=2)


def _as_lines(found: list, gaps: list) -> str:
    lines = [f"{'ok' if one.ok else '--'}  {one.dataset:<18} {one.source or '-':<10} {one.detail or ''}".rstrip()
             for one in found]
    lines += ["", *(f"{gap.promise} stays unverifiable without {', '.join(gap.datasets)}" for gap in gaps)]
    return "\n".join(lines + ([] if gaps else ["Every rule has the datasets that it needs."]))


@main.command()
@click.option("--home", "home_path", type=click.Path(path_type=Path), default=None,
              help="The folder of the watched system (default: ALPIA_HOME, else data/live where there is one).")
@json_option
@click.option("--check", "where", metavar="FILE|URL", default=None,
              help="Compare the published text with the reviewed one. Exit status: 0 unchanged, 3 changed, 1 unreadable.")
@click.option("--save", is_flag=True, help="Keep the fingerprints that --check saw in the home, for the night to judge.")
def policy(home_path: Path | None, as_json: bool, where: str | None, save: bool) -> None:
    """What every promise rests on, who says each number, and the last verdicts."""
    from pipelines.operate import coverage
    from pipelines.register import policy as register

    if save and not where:
        raise UsageError("--save keeps what --check FILE|URL saw: name the text.")
    if where:
        sys.exit(_check_policy(register.load(), where, as_json, Home.locate(home_path) if save else None))
    home = _home_if_any(home_path)
    here = None
    if home:
        from pipelines import run as job

        mapped = frozenset(name for source in job.sources_of(home).by_name.values() for name in source.datasets)
        here = coverage.standing(home, mapped)
    told = coverage.coverage(register.load(), here)
    click.echo(coverage.as_json(told) if as_json else coverage.as_table(told))


def _home_if_any(path: Path | None) -> Home | None:
    """The home that is named, else the usual one where it exists: the register can be read without any."""
    try:
        return Home.locate(path)
    except UsageError:
        if path or os.environ.get("ALPIA_HOME"):
            raise
        return None


def _check_policy(policy, where: str, as_json: bool, home: Home | None) -> int:
    """Compare, and keep what was seen in `home`, if any; a page that is not there is something seen, too."""
    from pipelines import run as job
    from pipelines.collect import page
    from pipelines.collect import published as seen
    from pipelines.operate import coverage
    from pipelines.register import published

    try:
        compared = published.compare(page.read(where).lines, policy)
    except page.NotOnlineError:
        if home:
            seen.save(home, None, job.now())
        raise
    if not compared.is_found:
        raise AlpiaError(f"{where} holds none of the {len(policy.paragraphs)} reviewed paragraphs, so that nothing can be "
                         "compared: is the policy there, and not put in by a script of the page?")
    if home:
        seen.save(home, compared, job.now())
    if as_json:
        click.echo(coverage.as_json(coverage.difference_json(compared, policy, where)))
    else:
        click.echo(coverage.difference_lines(compared, policy, where))
    return EXIT["changed"] if compared.differences else EXIT["done"]


@main.command()
@click.argument("promise")
@click.option("--state", default=None, help="Only subjects in this state.")
@click.option("--reveal", is_flag=True, help="Ask the sources for their own ids; into one file of mode 0600.")
@home_option
@json_option
def annex(promise: str, state: str | None, reveal: bool, home_path: Path | None, as_json: bool) -> None:
    """List the subjects of a promise as pseudonyms, with their dates."""
    from pipelines import run as job
    from pipelines.operate import annex as listed

    home = Home.locate(home_path)
    if reveal:
        from pipelines.operate import credential

        passphrase = credential.given() or click.prompt("Passphrase for revealing", hide_input=True, err=True)
        file = listed.reveal(home, promise, state, passphrase, job.now())
        click.echo(f"{file} holds the sources' own ids: for those who must act, and for nobody else. Delete it when done.")
    else:
        click.echo(listed.as_text(home, promise, state, as_json), nl=as_json)


@main.command()
@click.option("--home", "home_path", type=click.Path(path_type=Path), required=True, help="The folder to make.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--accounts", type=int, default=5000, show_default=True)
@click.option("--as-of", type=Day(), default=date(2026, 6, 30), show_default=True)
@click.option("--postgres", metavar="URL", default=None, help="Load the application's tables into this database.")
@click.option("--mariadb", metavar="URL", default=None, help="The same, into a MariaDB.")
def demo(home_path: Path, seed: int, accounts: int, as_of: date, postgres: str | None, mariadb: str | None) -> None:
    """Make an invented source system, with breaches planted in it."""
    from pipelines.demo.generate import generate

    home_path = home_path.expanduser().resolve()
    if postgres and mariadb:
        raise UsageError("The demo's tables lie in one database: name --postgres or --mariadb.")
    chosen = [(kind, url) for kind, url in (("postgres", postgres), ("mariadb", mariadb)) if url]
    generate(home_path, seed, accounts, as_of, chosen[0] if chosen else None)
    click.echo(f"{home_path} holds a demo of {accounts} accounts as of {as_of}; what was planted is in planted.json.")


@main.group()
def evidence() -> None:
    """The signed records of all runs: what each read, judged and wrote."""


@evidence.command("show")
@home_option
@json_option
def evidence_show(home_path: Path | None, as_json: bool) -> None:
    """List the manifests, oldest first, and the head to file elsewhere. `verify` judges them."""
    from pipelines.operate import audit
    from pipelines.operate import evidence as kept

    rows = audit.told(kept.entries(Home.locate(home_path)))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['number']:>6}  {row['run']}  {row['kind']:<7}  {row['as_of']}  {row['breached']:>3} breached  "
                   f"{row['outputs']:>3} files  {row['digest'][:16]}")
    click.echo(f"Head: {rows[-1]['number']}:{rows[-1]['digest']}" if rows else "No run yet.")


@evidence.command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--public-key", type=click.Path(dir_okay=False, path_type=Path), default=None,
              help="The public key that you were given (PEM); by default the one that lies beside the evidence.")
@click.option("--head", default=None, metavar="NUMBER:DIGEST",
              help="A head that was filed elsewhere: shows whether newer manifests were cut off.")
@json_option
def evidence_verify(folder: Path, public_key: Path | None, head: str | None, as_json: bool) -> None:
    """Say what was changed, removed, added or re-ordered in a home, or in a copy of its evidence and reports. Offline.

    Exit status: 0 everything stands as it was signed, 3 something was changed, 1 there is no evidence or no key.
    """
    from pipelines.operate import audit

    found = audit.verify(folder.resolve(), public_key, audit.parse_head(head) if head else None)
    click.echo(audit.as_json(found) if as_json else audit.as_lines(found))
    sys.exit(EXIT["changed"] if found.findings else EXIT["done"])


@main.group()
def keys() -> None:
    """The keys: of the pseudonyms, of the warehouse, and of the evidence."""


@keys.command("new")
@home_option
@click.option("--reveal", is_flag=True, help="Make the credential of `annex --reveal`, and show its passphrase this once.")
def new_key(home_path: Path | None, reveal: bool) -> None:
    """Make the keys that are not there yet; none is ever replaced."""
    from pipelines.operate import credential
    from pipelines.operate import keys as kept

    home = Home.locate(home_path)
    if reveal:
        _show_passphrase(credential.new(home))
        return
    for file in kept.missing(home):
        click.echo(f"{file} made (mode 0600).")
    click.echo("Keep copies in a safe: without them no warehouse opens, history has no names, and evidence no continuation.")


def _show_passphrase(passphrase: str) -> None:
    click.echo(passphrase)
    click.echo("This is the passphrase of `alpia annex --reveal`. It is stored nowhere: give it to those who may turn "
               "pseudonyms into the sources' own ids, and to nobody else.", err=True)


@keys.command("check")
@home_option
@json_option
def check_keys(home_path: Path | None, as_json: bool) -> None:
    """Which keys there are, since when, their modes and fingerprints, and whether they open what they should."""
    from pipelines.operate import keys as kept

    found = kept.check(Home.locate(home_path))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], default=str, ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(f"{'ok' if one.is_right else '--'}  {one.key:<9}  {one.mode or '-':<4}  "
                       f"{str(one.since_on or '-'):<10}  {one.fingerprint or '-':<12}  {one.place}: {one.works}")
    sys.exit(EXIT["done"] if all(one.is_right for one in found) else EXIT["failed"])


@keys.command("rotate")
@click.argument("name", type=click.Choice(["warehouse", "pseudonym", "evidence", "reveal"]))
@click.option("--reset", is_flag=True, help="Of the pseudonyms: ask no source, and leave out all that names a subject.")
@home_option
def rotate_key(name: str, reset: bool, home_path: Path | None) -> None:
    """Replace a key, in the ledger.

    The warehouse's: the next run writes under the new key; what is there stays under the old one, which is kept for as long
    as a file needs it. The pseudonyms': every subject is renamed, in every night that is held; the sources are asked for
    their ids. The evidence's: the old key signs a link of the chain that hands over to the new one. The credential of
    `annex --reveal`: the old passphrase is void at once.
    """
    from pipelines.operate import rotation

    home = Home.locate(home_path)
    if reset and name != "pseudonym":
        raise UsageError("--reset is for the pseudonyms: nothing else rests on them.")
    if name == "reveal":
        _show_passphrase(rotation.passphrase(home))
    elif name == "pseudonym":
        click.echo(rotation.pseudonym(home, reset))
    else:
        click.echo({"warehouse": rotation.warehouse_key, "evidence": rotation.evidence_key}[name](home))


def _tell(width: int):
    """One line a stage; on a terminal a progress bar over the stages."""
    if not sys.stderr.isatty():
        return lambda line: click.echo(line, err=True)
    from tqdm import tqdm

    bar = tqdm(total=width, unit="stage", leave=False, file=sys.stderr)

    def tell(line: str) -> None:
        if line.startswith(NOTE):
            bar.write(line, file=sys.stderr)
            return
        bar.set_postfix_str(line.split()[0])
        bar.update()

    return tell


def _show(frame, as_json: bool) -> None:
    click.echo(frame.to_json(orient="records", date_format="iso") if as_json else frame.to_string(index=False, na_rep="-"))


def _sentence(as_of: date, verdicts: dict[str, int]) -> str:
    words = ", ".join(f"{verdicts[word]} {word.replace('_', ' ')}"
                      for word in ("breached", "unverifiable", "at_risk", "compliant") if verdicts.get(word))
    return f"{as_of}: {words}."
