"""What became of the rows: on the terminal, and as a CSV and a JSON file beside the data."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from groundswell.cli.replay.gatherings import Mended, Note, Refused
from groundswell.cli.replay.plan import Plan
from groundswell.cli.replay.running import Done

_SHOWN_REFUSED = 20
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY_FROM = {
    "asked": "as you asked",
    "dates": "the most frequent date in the file",
    "name": "from the file's name",
    "header": "from the file's header",
    "none": "a recent Saturday: the file holds no date. Name the real day with --action-day",
}


def show(plan: Plan, console: Console) -> None:
    """The judgement of the rows, before anything is written."""
    taken = len(plan.gatherings)
    console.print(
        f"[bold]{plan.path.name}[/bold]: {plan.row_count:,} rows, read as {plan.encoding} parted "
        f"by {_SEPARATORS.get(plan.separator, plan.separator)}",
        highlight=False,
    )
    console.print(f"Action day {plan.action_on} ({_DAY_FROM[plan.day_from]})", highlight=False)
    console.print(
        f"[green]{taken:,} taken[/green] ({plan.mended_rows:,} of them mended), "
        f"[red]{plan.refused_rows:,} refused[/red]",
        highlight=False,
    )
    kinds = Counter(note.what for note in plan.notes)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for what, number in kinds.most_common():
        sign = "[red]refused[/red]" if isinstance(what, Refused) else "mended"
        table.add_row(sign, f"{number:,}", str(what.value))
    console.print(table)
    _show_refused([note for note in plan.notes if isinstance(note.what, Refused)], console)
    console.print(_scale_sentence(plan), highlight=False)


_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def _show_refused(notes: list[Note], console: Console) -> None:
    for note in notes[:_SHOWN_REFUSED]:
        console.print(f"  row {note.row}: {note.what.value} {note.was}{note.now}", markup=False)
    if len(notes) > _SHOWN_REFUSED:
        console.print(f"  … and {len(notes) - _SHOWN_REFUSED:,} more in the report")


def _scale_sentence(plan: Plan) -> str:
    if not plan.has_counts:
        return (
            "The file holds no head counts: hosts and events only, and nobody is invented to come."
        )
    counted = sum(each.best or 0 for each in plan.gatherings)
    return (
        f"Scale {plan.scale:g}: {plan.sign_up_count:,} invented sign-ups stand for {counted:,} "
        "counted people."
    )


def show_done(plan: Plan, done: Done, console: Console) -> None:
    """What the replay made."""
    if done.was_finished:
        console.print("This file was replayed before, with the same options. Nothing was doubled.")
    names = {
        "publish": "events", "sign_up": "sign-ups", "waiting": "onto a waiting list",
        "cancel": "cancelled", "confirm": "confirmed the day before", "check_in": "ticked in",
        "tell": "said whether they made it", "report": "reports",
    }  # fmt: skip
    told = [f"{done.counts[key]:,} {name}" for key, name in names.items() if done.counts[key]]
    console.print(f"[green]✓[/green] /{done.campaign.slug}: {', '.join(told)}", highlight=False)


def write(plan: Plan, done: Done, folder: Path) -> tuple[Path, Path]:
    """The report as CSV, one line for each thing said about a row, and as JSON with the sums."""
    folder.mkdir(parents=True, exist_ok=True)
    lines, sums = folder / f"{done.campaign.slug}.csv", folder / f"{done.campaign.slug}.json"
    draft = lines.with_suffix(".new")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "outcome", "code", "what", "was", "now"])
        for note in plan.notes:
            outcome = "refused" if isinstance(note.what, Refused) else "mended"
            told = [note.what.name.lower(), note.what.value, _safe(note.was), _safe(note.now)]
            writer.writerow([note.row, outcome, *told])
    draft.replace(lines)
    draft.write_text(json.dumps(_sums(plan, done), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(sums)
    return lines, sums


def _sums(plan: Plan, done: Done) -> dict[str, object]:
    kinds = Counter((type(note.what), note.what.name.lower()) for note in plan.notes)
    return {
        "file": plan.path.name,
        "campaign": done.campaign.slug,
        "action_on": str(plan.action_on),
        "scale": plan.scale,
        "rows": plan.row_count,
        "taken": len(plan.gatherings),
        "taken_mended": plan.mended_rows,
        "refused": plan.refused_rows,
        "mended": {name: number for (kind, name), number in kinds.items() if kind is Mended},
        "refused_because": {
            name: number for (kind, name), number in kinds.items() if kind is Refused
        },
        "made": dict(done.counts),
    }


def _safe(text: str) -> str:
    """A cell that a spreadsheet takes for text, whatever the file held."""
    return f"'{text}" if text.startswith(_FORMULA) else text
