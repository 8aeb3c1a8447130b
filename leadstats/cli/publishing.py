"""The commands for releases: publish, take back, lay out for the web, attack."""

import argparse

from leadstats.cli.output import CANNOT_READ, DECISION, WRONG_USE, fail, show
from leadstats.counting.view import FilterError


def publish(asked: argparse.Namespace) -> int:
    from leadstats import release

    if asked.rollback and asked.to:
        release.rollback(asked.to, asked.rollback)
        print(f"{asked.rollback} is the latest release again")
        return _lay_out(asked)
    if asked.web_root and asked.to and not asked.data:
        return _lay_out(asked)
    if asked.data is None or not (asked.preview or asked.to and asked.approve):
        raise FilterError(
            "release needs --data, --to and --approve; --data and --preview; --to and --rollback; or --to and --web-root"
        )
    try:
        if asked.preview:
            publication = release.preview(
                asked.data, asked.to, asked.plan, correct=asked.correct, rebase=asked.rebase
            )
        else:
            publication = release.publish(
                asked.data, asked.to, asked.approve, asked.plan, correct=asked.correct, rebase=asked.rebase
            )
    except release.DriftError as error:
        return fail(error, DECISION)
    except release.PlanError as error:
        return fail(error, WRONG_USE)
    print(publication.as_text())
    return publication.exit_code or _lay_out(asked)


def _lay_out(asked: argparse.Namespace) -> int:
    """Lays out what is public as plain files, if that was asked for."""
    if asked.web_root and asked.to:
        from leadstats.release.web_root import write_web_root

        names = write_web_root(asked.to, asked.web_root)
        print(f"{asked.web_root} holds {', '.join(names)} for any web server")
    return 0


def audit_release(asked: argparse.Namespace) -> int:
    from leadstats import audit, release

    given = [*asked.earlier, asked.release]
    for folder in given:
        if not (folder / "datapackage.json").is_file():
            return fail(f"{folder} is no release: there is no datapackage.json in it", CANNOT_READ)
    try:
        programs = release.programs(given)
        report = audit.audit([asked.release, *asked.earlier], programs)
    except (audit.UnreadableError, release.PlanError) as error:
        return fail(error, CANNOT_READ)
    show(asked.format, report.as_json, report.as_text)
    return report.exit_code
