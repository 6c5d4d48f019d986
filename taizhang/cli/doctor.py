"""The command that says whether this computer is fit to open the board."""

from pathlib import Path

import click

from taizhang.declared.wording import Language
from taizhang.store.campaigns import Campaigns


@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--host", "address", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@click.option("--certificate", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path))
def doctor(
    known: Campaigns,
    t: Language,
    campaign: str | None,
    port: int,
    address: str,
    certificate: Path | None,
    key: Path | None,
) -> int:
    from taizhang.server import Opening
    from taizhang.server import doctor as rules

    states = []
    for one in rules.findings(known, Opening(address, port, certificate=certificate, key=key)):
        states.append(one.state)
        click.echo(t(f"doctor.sign_{one.state}") + " " + t(f"doctor.{one.said}", **one.blanks))
    is_fit = rules.BAD not in states
    click.echo(t("doctor.fit" if is_fit else "doctor.not_fit", count=states.count(rules.BAD)), err=not is_fit)
    return 0 if is_fit else 1


COMMANDS = (doctor,)
